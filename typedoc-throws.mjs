/** A plugin of typedoc's, which leaves the type of a `@throws` out of the page: it stands before the condition again. */
export function load(app) {
  app.converter.on("resolveEnd", ({ project }) => {
    for (const { comment } of Object.values(project.reflections))
      for (const tag of comment?.blockTags ?? []) {
        if (tag.tag !== "@throws" || !tag.typeAnnotation) continue;
        const type = tag.typeAnnotation.replace(/^\{|\}$/g, "");
        tag.content.unshift({ kind: "code", text: `\`${type}\`` }, { kind: "text", text: " " });
      }
  });
}
