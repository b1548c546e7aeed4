import type { Page } from "playwright-core";

/** What is wrong with how the texts of a picture lie, one sentence each. */
export type LayoutFaults = string[];

/**
 * Measures every visible text of the pictures that a selector finds, and says which two overlap and which leave the
 * picture.
 *
 * Boxes are those of the glyph rows as drawn, turned as the text is turned, so that slanted labels side by side do not
 * count as overlapping. Two boxes overlap where they share more than a pixel in every direction.
 *
 * @param pictures CSS selector of the elements that hold a picture each.
 */
export async function layoutFaults(page: Page, pictures: string): Promise<LayoutFaults[]> {
  // Compiled code of this file runs in the page, where no helper of the compiler is at hand: no spread of iterables.
  return page.evaluate((selector) => {
    type Point = readonly [number, number];
    interface Box {
      text: string;
      corners: readonly Point[];
    }
    const TOLERANCE = 1;

    const boxesOf = (root: Element): Box[] =>
      Array.from(root.querySelectorAll("svg text")).flatMap((text): Box[] => {
        const words = (text.textContent ?? "").trim();
        const style = getComputedStyle(text);
        if (words === "" || style.visibility === "hidden" || style.display === "none" || style.fillOpacity === "0")
          return [];
        for (let above: Element | null = text; above && above !== root; above = above.parentElement) {
          const { opacity, display, visibility } = getComputedStyle(above);
          if (opacity === "0" || display === "none" || visibility === "hidden") return [];
          // The bar of tools and what a hover shows lie over the picture on purpose.
          if (above.classList.contains("hoverlayer") || above.classList.contains("modebar")) return [];
        }
        const lines = Array.from(text.querySelectorAll(":scope > tspan.line"));
        return (lines.length > 0 ? lines : [text]).flatMap((line): Box[] => {
          if ((line.textContent ?? "").trim() === "") return [];
          const box = (line as SVGGraphicsElement).getBBox();
          const matrix = (text as SVGGraphicsElement).getScreenCTM();
          if (!matrix || box.width === 0) return [];
          // A row of glyphs is lower than its line box, which leaves room for accents.
          const [top, bottom] = [box.y + 0.14 * box.height, box.y + 0.92 * box.height];
          const at = (x: number, y: number): Point => {
            const point = new DOMPoint(x, y).matrixTransform(matrix);
            return [point.x, point.y];
          };
          return [
            {
              text: (line.textContent ?? "").trim(),
              corners: [at(box.x, top), at(box.x + box.width, top), at(box.x + box.width, bottom), at(box.x, bottom)],
            },
          ];
        });
      });

    /** By how many pixels two boxes overlap along the direction in which they overlap least; at most 0 where they do not. */
    const overlap = (a: Box, b: Box): number => {
      let least = Infinity;
      for (const box of [a, b])
        for (const side of [0, 1]) {
          const [from, to] = [box.corners[side]!, box.corners[side + 1]!];
          const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
          const axis: Point = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
          const span = (corners: readonly Point[]) => {
            const along = corners.map(([x, y]) => x * axis[0] + y * axis[1]);
            return [Math.min.apply(null, along), Math.max.apply(null, along)] as const;
          };
          const [one, other] = [span(a.corners), span(b.corners)];
          least = Math.min(least, Math.min(one[1], other[1]) - Math.max(one[0], other[0]));
        }
      return least;
    };

    return Array.from(document.querySelectorAll(selector)).map((root) => {
      const boxes = boxesOf(root);
      const frame = root.getBoundingClientRect();
      const faults: string[] = boxes.length === 0 ? ["no text at all"] : [];
      boxes.forEach((box, at) => {
        for (const [x, y] of box.corners)
          if (
            x < frame.left - TOLERANCE ||
            x > frame.right + TOLERANCE ||
            y < frame.top - TOLERANCE ||
            y > frame.bottom + TOLERANCE
          ) {
            faults.push(`"${box.text}" leaves the picture`);
            break;
          }
        for (const other of boxes.slice(at + 1)) {
          const by = overlap(box, other);
          if (by > TOLERANCE) faults.push(`"${box.text}" lies over "${other.text}" by ${by.toFixed(1)} px`);
        }
      });
      return faults;
    });
  }, pictures);
}
