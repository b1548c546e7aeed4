import type { PlotlyAnnotation, PlotlyAxis, PlotlyLayout, PlotlySpec } from "../parts/plotly-spec";

/**
 * Lays a figure out for a width: the one frame that all figures are drawn in.
 *
 * Titles are broken into lines, the legend gets as many rows as its entries need, panels that would become too narrow
 * stand below each other and the figure grows, gaps are as wide as the labels that stand in them, ticks are as many as
 * there is room for, and what is written inside a field loses the lines that do not fit into it. What lies outside the
 * panels, at the left and at the bottom, Plotly measures itself.
 *
 * Figures whose `layout.meta.frame` is not true are laid out by someone else, and returned as they are.
 *
 * Sent to pages as it stands, so that a figure fits wherever it is shown: it names nothing outside itself.
 *
 * @param width In pixels.
 * @param height In pixels; null leaves it to the figure, whose own height is that of its panels side by side.
 * @returns The figure with another layout; neither the figure nor what it holds is changed.
 */
export function fit(spec: PlotlySpec, width: number, height: number | null = null): PlotlySpec {
  /** Widths of Helvetica's letters in hundredths of the font size; Inter and Liberation Sans are within a twentieth. */
  const letterWidth = (letter: string): number => {
    if ("ijl|.,:;'!ı·".includes(letter)) return 27;
    if ("frt()[]{}-/ I\u2009".includes(letter)) return 35;
    if ("mwMWG%@+−=<>~…".includes(letter)) return 84;
    if (/[A-Z]/.test(letter)) return 70;
    return 57;
  };
  const plain = (text: string) => text.replace(/<su[bp]>(.*?)<\/su[bp]>/g, "$1").replace(/<[^>]*>/g, "");
  const lineWidth = (text: string, size: number) => {
    let sum = 0;
    for (const letter of Array.from(plain(text))) sum += letterWidth(letter);
    return (sum * size * (text.includes("<b>") ? 1.08 : 1)) / 100;
  };
  const linesOf = (text: string) => text.split(/<br>/);
  const textWidth = (text: string, size: number) =>
    linesOf(text).reduce((most, line) => Math.max(most, lineWidth(line, size)), 0);
  /** Breaks a text where it has spaces, and after underscores if it must, so that no line is wider than asked for. */
  const wrap = (text: string, size: number, room: number): string => {
    if (textWidth(text, size) <= room) return text;
    const lines: string[] = [];
    for (const part of linesOf(text)) {
      let line = "";
      for (const word of part.split(/(?<= )|(?<=[a-z0-9]_)(?=\S)/)) {
        if (line !== "" && lineWidth((line + word).trimEnd(), size) > room) {
          lines.push(line.trimEnd());
          line = word;
        } else line += word;
      }
      lines.push(line.trimEnd());
    }
    return lines.join("<br>");
  };
  const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  const tidy = (value: number) => Number(clamp(value, 0, 1).toFixed(4));

  const source = spec.layout;
  if (source.meta?.["frame"] !== true) return spec;
  const layout: PlotlyLayout = { ...source };
  const small = width < 600;
  const sizes = small ? { title: 15, heading: 12, axis: 12, tick: 11 } : { title: 17, heading: 13, axis: 13, tick: 12 };
  const EDGE = 12;

  // The title, beside which Plotly's tools appear.
  const title = source.title?.text ?? "";
  const titleText = title === "" ? "" : wrap(title, sizes.title, width - 2 * EDGE - (small ? 0 : 110));
  const titleHeight = title === "" ? 0 : 12 + linesOf(titleText).length * sizes.title * 1.3;
  if (title !== "")
    layout.title = {
      ...source.title,
      text: titleText,
      font: { ...source.title?.font, size: sizes.title },
      x: EDGE / width,
      xanchor: "left",
      yanchor: "top",
      yref: "container",
    };

  // The legend, in rows below the title.
  const entries = spec.data.filter(
    (trace) => trace.showlegend !== false && (trace.name ?? "") !== "" && trace.type !== "heatmap",
  );
  const legendShown = source.showlegend === true && entries.length > 0;
  let legendHeight = 0;
  if (legendShown) {
    const entryWidths = entries.map(({ name }) => lineWidth(name ?? "", sizes.tick) + 48);
    const widest = Math.max(...entryWidths);
    const room = width - 2 * EDGE;
    const all = entryWidths.reduce((sum, each) => sum + each, 0);
    const columns = all <= room ? entries.length : Math.max(1, Math.floor(room / widest));
    legendHeight = Math.ceil(entries.length / columns) * (sizes.tick + 8) + 4;
  }

  // The panels: each x axis with the y axes that share it.
  const axisOf = (name: string) => source[name as "xaxis"] ?? {};
  const names = Object.keys(source);
  const pairs = new Set(spec.data.map((trace) => `${trace.xaxis ?? "x"} ${trace.yaxis ?? "y"}`));
  interface Cell {
    x: string;
    ys: string[];
    from: readonly [number, number];
    top: number;
    bottom: number;
    heading: PlotlyAnnotation | null;
  }
  const unit = [0, 1] as const;
  const cells = names
    .filter((name) => /^xaxis\d*$/.test(name))
    .map((x): Cell => {
      const id = x.replace("axis", "");
      const ys = names.filter((name) => /^yaxis\d*$/.test(name) && pairs.has(`${id} ${name.replace("axis", "")}`));
      const domains = ys.map((name) => axisOf(name).domain ?? unit);
      return {
        x,
        ys,
        from: axisOf(x).domain ?? unit,
        top: Math.max(0, ...domains.map(([, end]) => end)),
        bottom: Math.min(1, ...domains.map(([start]) => start)),
        heading: source.annotations?.find((each) => each.name === "panel" && each.xref === `${id} domain`) ?? null,
      };
    })
    .filter(({ ys }) => ys.length > 0)
    .sort((a, b) => b.top - a.top || a.from[0] - b.from[0]);
  const tops = Array.from(new Set(cells.map(({ top }) => top)));
  const columnsBefore = Math.max(1, ...tops.map((top) => cells.filter((cell) => cell.top === top).length));
  const hasBar = spec.data.some(
    (trace) =>
      (trace.type === "heatmap" && trace.showscale !== false) ||
      ("marker" in trace && trace.marker?.showscale === true),
  );

  const labelsOf = (axis: PlotlyAxis): string[] =>
    (axis.ticktext as string[] | undefined) ?? (axis.categoryarray as string[] | undefined) ?? [];
  const values = (axisName: string, letter: "x" | "y") => {
    const id = axisName.replace("axis", "");
    const found: (string | number | null)[] = [];
    for (const trace of spec.data)
      if ((trace[`${letter}axis`] ?? letter) === id) for (const value of trace[letter]) found.push(value);
    return found;
  };
  const categoriesOf = (axisName: string, letter: "x" | "y"): string[] => {
    const axis = axisOf(axisName);
    if (axis.type !== "category") return [];
    const known = labelsOf(axis);
    if (known.length > 0) return known;
    return Array.from(
      new Set(
        values(axisName, letter)
          .filter((value) => value !== null)
          .map(String),
      ),
    );
  };
  const tickSize = (axis: PlotlyAxis) => Math.min(axis.tickfont?.size ?? sizes.tick, sizes.tick);

  // How many panels stand side by side.
  const left0 = Math.max(0, ...cells.slice(0, 1).flatMap(({ ys }) => ys.map((y) => yRoom(y))));
  const right = hasBar ? 84 : 16;
  const plotWidth = Math.max(80, width - left0 - right);
  const least = cells.some(({ x }) => categoriesOf(x, "x").length > 12) ? 300 : columnsBefore > 2 ? 150 : 200;
  const most = columnsBefore === 1 ? 1 : clamp(Math.floor((plotWidth + 24) / (least + 24)), 1, columnsBefore);
  // What stood in a column stays together.
  const divides = (count: number) => tops.length === 1 || columnsBefore % count === 0;
  const columns = Array.from({ length: most }, (_, at) => most - at).find(divides) ?? 1;
  const restacked = columns < columnsBefore;

  /** Pixels that an axis at the left takes: its labels, its ticks, its title. */
  function yRoom(name: string): number {
    const axis = axisOf(name);
    const own = categoriesOf(name, "y");
    const labels =
      own.length > 0
        ? Math.min(0.42 * width, Math.max(...own.map((label) => textWidth(label, tickSize(axis)))))
        : axis.tickmode === "array"
          ? Math.max(0, ...labelsOf(axis).map((label) => textWidth(label, tickSize(axis))))
          : 40;
    return labels + 12 + ((axis.title?.text ?? "") === "" ? 0 : sizes.axis + 8);
  }

  const rows: Cell[][] = [];
  if (restacked) {
    for (let at = 0; at < cells.length; at += columns) rows.push(cells.slice(at, at + columns));
  } else for (const top of tops) rows.push(cells.filter((cell) => cell.top === top));

  // What a column of panels takes in width.
  const shared = (cell: Cell) => cell.ys.every((y) => axisOf(y).matches !== undefined || y === cells[0]?.ys[0]);
  const allShared = cells.every(shared);
  const yTitles = new Set(
    cells.flatMap(({ ys }) => (ys.length === 1 ? ys.map((y) => axisOf(y).title?.text ?? "") : [])),
  );
  const oneYTitle = yTitles.size <= 1;
  const gapX = columns === 1 ? 0 : allShared ? 18 : 52 + (oneYTitle ? 0 : sizes.axis + 8);
  const panelWidth = (plotWidth - gapX * (columns - 1)) / columns;

  // What stands above and below each row of panels.
  const xLabels = cells.map((cell) => xTicks(cell.x));
  const xOf = (cell: Cell) => xLabels[cells.indexOf(cell)]!;
  interface Ticks {
    axis: PlotlyAxis;
    height: number;
  }
  /** The axis with ticks that fit, and how many pixels they take in height. */
  function xTicks(name: string): Ticks {
    const axis = axisOf(name);
    const size = tickSize(axis);
    const categories = categoriesOf(name, "x");
    if (axis.showticklabels === false) return { axis, height: 4 };
    if (categories.length > 0) {
      const each = panelWidth / categories.length;
      const widest = Math.max(...categories.map((label) => textWidth(label, size)));
      if (axis.tickangle === -90) {
        const crowded = Math.min(size, each > 13 ? size : 9);
        const many = Math.max(2, Math.floor(panelWidth / (1.45 * crowded)));
        const longest = Math.max(...categories.map((label) => textWidth(label, crowded)));
        return {
          axis: {
            ...axis,
            tickfont: { ...axis.tickfont, size: crowded },
            nticks: Math.min(many, categories.length + 1),
          },
          height: longest + 10,
        };
      }
      if (axis.nticks !== undefined)
        return {
          axis: { ...axis, tickangle: 0, nticks: Math.max(2, Math.floor(panelWidth / (widest + 18))) },
          height: size + 8,
        };
      if (widest <= each - 8) return { axis: { ...axis, tickangle: 0 }, height: size + 8 };
      const broken = categories.map((label) => wrap(label, size, each - 8));
      const rowsOf = Math.max(...broken.map((label) => linesOf(label).length));
      if (rowsOf <= 3 && broken.every((label) => textWidth(label, size) <= each - 6))
        return {
          axis: { ...axis, tickangle: 0, tickmode: "array", tickvals: categories, ticktext: broken },
          height: rowsOf * size * 1.3 + 8,
        };
      return { axis: { ...axis, tickangle: -90 }, height: widest + 10 };
    }
    if (axis.tickmode === "array") {
      // Those at the ends first, then from the left whatever has room.
      const [low, high] = axis.range ?? [0, 1];
      const all = (axis.tickvals ?? []).map((value, at) => ({
        value,
        text: axis.ticktext?.[at] ?? String(value),
        x: ((Number(value) - low) / (high - low || 1)) * panelWidth,
      }));
      const kept: typeof all = [];
      for (const tick of [all.at(-1), all[0], ...all])
        if (
          tick &&
          !kept.includes(tick) &&
          kept.every(
            (other) => Math.abs(other.x - tick.x) >= (textWidth(other.text, size) + textWidth(tick.text, size)) / 2 + 6,
          )
        )
          kept.push(tick);
      kept.sort((a, b) => a.x - b.x);
      return {
        axis: {
          ...axis,
          tickangle: 0,
          tickvals: kept.map(({ value }) => value),
          ticktext: kept.map(({ text }) => text),
        },
        height: size + 8,
      };
    }
    const most = Math.max(2, Math.floor(panelWidth / 62));
    const ticks = axis.dtick === undefined ? { nticks: Math.min(axis.nticks ?? 99, most) } : {};
    const span = axis.range ? Math.abs(axis.range[1] - axis.range[0]) : 0;
    // Steps of one, where they fit.
    const apart = axis.dtick === 1 && span / most > 1 ? { dtick: Math.ceil(span / most) } : {};
    return { axis: { tickangle: 0, ...axis, ...ticks, ...apart }, height: size + 8 };
  }
  const headingOf = (cell: Cell) => wrap(cell.heading?.text ?? "", sizes.heading, Math.max(60, panelWidth));
  const above = (row: readonly Cell[]) =>
    Math.max(0, ...row.map((cell) => (cell.heading ? linesOf(headingOf(cell)).length * sizes.heading * 1.3 + 8 : 0)));
  const lastOfColumn = (at: number, column: number) => !rows.slice(at + 1).some((row) => row.length > column);
  const xTitleOf = (cell: Cell) => wrap(axisOf(cell.x).title?.text ?? "", sizes.axis, panelWidth);
  const below = (row: readonly Cell[], at: number) =>
    Math.max(
      ...row.map((cell, column) => {
        const text = lastOfColumn(at, column) ? xTitleOf(cell) : "";
        return xOf(cell).height + (text === "" ? 0 : linesOf(text).length * sizes.axis * 1.3 + 8);
      }),
    );

  const top = Math.max(title === "" ? 8 : 10, titleHeight + 6) + legendHeight + (rows[0] ? above(rows[0]) : 0) + 6;
  const bottom = (rows.length > 0 ? below(rows.at(-1)!, rows.length - 1) : 0) + 12;
  const gaps = rows.slice(1).map((row, at) => below(rows[at]!, at) + above(row) + 10);
  const gapsHeight = gaps.reduce((sum, gap) => sum + gap, 0);
  const own = source.height ?? 480;
  const asked = Math.max(own - 116, 60);
  const share = (cell: Cell) => cell.top - cell.bottom;
  const heights = rows.map((row) => {
    const before = Math.max(...row.map((cell) => share(cell))) * asked;
    return restacked ? Math.max(120, Math.min(before, 0.75 * panelWidth)) : Math.max(before, 0);
  });
  let panelsHeight = heights.reduce((sum, each) => sum + each, 0);
  const leastHeight = rows.map((row) => 70 * Math.max(...row.map(({ ys }) => ys.length))).reduce((a, b) => a + b, 0);
  // What must not be stretched is as high as its width asks for.
  const aspect = source.meta["aspect"];
  const wanted =
    typeof aspect === "number"
      ? top + bottom + aspect * panelWidth
      : restacked
        ? top + bottom + gapsHeight + panelsHeight
        : Math.max(own, top + bottom + gapsHeight + Math.max(leastHeight, Math.min(own, 480) * 0.45));
  const total = Math.round(height ?? wanted);
  const room = Math.max(20 * rows.length, total - top - bottom - gapsHeight);
  const stretch = room / (panelsHeight || 1);
  panelsHeight = room;
  const plotHeight = Math.max(20, room + gapsHeight);
  layout.height = total;
  if (layout.title)
    layout.title = { ...layout.title, y: 1 - (12 + (linesOf(titleText).length - 1) * 1.3 * sizes.title) / total };
  layout.width = width;
  layout.margin = { l: Math.min(left0, 60), r: hasBar ? 12 : 16, t: Math.round(top), b: Math.round(bottom) };
  if (legendShown)
    layout.legend = {
      ...source.legend,
      orientation: "h",
      traceorder: "normal",
      x: EDGE / width,
      xref: "container",
      xanchor: "left",
      y: tidy(1 - (titleHeight + 4) / total),
      yanchor: "top",
      yref: "container",
      font: { ...source.legend?.font, size: sizes.tick },
    };

  let from = 0;
  rows.forEach((row, at) => {
    const high = heights[at]! * stretch;
    row.forEach((cell, column) => {
      const start = (column * (panelWidth + gapX)) / plotWidth;
      const xAxis = xOf(cell).axis;
      const xTitle = lastOfColumn(at, column) ? xTitleOf(cell) : "";
      layout[cell.x as "xaxis"] = {
        ...xAxis,
        domain: [tidy(start), tidy(start + panelWidth / plotWidth)],
        tickfont: { ...xAxis.tickfont, size: xAxis.tickfont?.size ?? sizes.tick },
        title: { ...xAxis.title, text: xTitle, standoff: 6, font: { ...xAxis.title?.font, size: sizes.axis } },
      };
      const [upper, lower] = [1 - from / plotHeight, 1 - (from + high) / plotHeight];
      for (const name of cell.ys) {
        const axis = axisOf(name);
        const [a, b] = axis.domain ?? unit;
        const place = (value: number) =>
          lower + ((value - cell.bottom) / (cell.top - cell.bottom || 1)) * (upper - lower);
        const domain = [tidy(place(a)), tidy(place(b))] as const;
        const pixels = (domain[1] - domain[0]) * plotHeight;
        layout[name as "yaxis"] = { ...yTicks(name, axis, pixels, column), domain };
      }
    });
    from += high + (gaps[at] ?? 0);
  });

  /** A y axis with ticks that fit, which shows its labels and its title where no panel before it shows the same. */
  function yTicks(name: string, axis: PlotlyAxis, pixels: number, column: number): PlotlyAxis {
    const repeats = column > 0;
    const words = repeats && oneYTitle ? "" : (axis.title?.text ?? "");
    const broken = textWidth(words, sizes.axis) > pixels ? wrap(words, sizes.axis, pixels) : words;
    // A text that cannot be broken so that it fits would run into its neighbours.
    const textSize = clamp(
      Math.floor((sizes.axis * pixels) / Math.max(1, textWidth(broken, sizes.axis))),
      9,
      sizes.axis,
    );
    const categories = categoriesOf(name, "y");
    const size = tickSize(axis);
    let ticks: Partial<PlotlyAxis> = {};
    if (categories.length > 0) {
      const limit = 0.42 * width;
      const each = pixels / categories.length;
      if (axis.tickmode !== "array" && categories.some((label) => textWidth(label, size) > limit)) {
        const lines = Math.max(1, Math.floor(each / (size * 1.25)));
        const texts = categories.map((label) => {
          const all = linesOf(wrap(label, size, limit));
          return all.length > lines ? `${all.slice(0, lines).join("<br>")}…` : all.join("<br>");
        });
        ticks = { tickmode: "array", tickvals: categories, ticktext: texts };
      } else ticks = { nticks: Math.max(2, Math.floor(pixels / (size * 1.4))) };
    } else if (axis.tickmode !== "array" && axis.dtick === undefined)
      ticks = { nticks: Math.min(axis.nticks ?? 99, clamp(Math.floor(pixels / 36), 2, 8)) };
    return {
      ...axis,
      ...ticks,
      ...(repeats && axis.matches !== undefined ? { showticklabels: false } : {}),
      tickfont: { ...axis.tickfont, size },
      title: { ...axis.title, text: broken, standoff: 8, font: { ...axis.title?.font, size: textSize } },
    };
  }

  // Headings, and what is written inside fields.
  const pixelsOf = (annotation: PlotlyAnnotation): number => {
    const name = (annotation.xref ?? "x").replace(/^x/, "xaxis");
    const axis = layout[name as "xaxis"] ?? {};
    const [low, high] = axis.range ?? [0, 0];
    const count = axis.type === "category" ? categoriesOf(name, "x").length : Math.abs(high - low);
    return ((annotation.room ?? 0) / (count || 1)) * panelWidth;
  };
  const annotations = (source.annotations ?? []).flatMap((annotation): PlotlyAnnotation[] => {
    if (annotation.name === "panel") {
      const cell = cells.find(({ heading }) => heading === annotation);
      return cell
        ? [{ ...annotation, text: headingOf(cell), font: { ...annotation.font, size: sizes.heading } }]
        : [annotation];
    }
    if (annotation.room === undefined) return [annotation];
    const { room: _, ...rest } = annotation;
    const size = Math.min(annotation.font?.size ?? 11, sizes.tick);
    const space = pixelsOf(annotation) - 4;
    const lines = linesOf(annotation.text);
    while (lines.length > 0 && textWidth(lines.join("<br>"), size) > space) {
      const least = Math.max(9, size - 2);
      if (lines.length === 1 && textWidth(lines[0]!, least) <= space)
        return [{ ...rest, text: lines[0]!, font: { ...annotation.font, size: least } }];
      // What stands on something can stand upright.
      if (lines.length === 1 && annotation.yanchor === "bottom" && space >= least)
        return [{ ...rest, text: lines[0]!, textangle: -90, font: { ...annotation.font, size: least } }];
      lines.pop();
    }
    return lines.length > 0 ? [{ ...rest, text: lines.join("<br>"), font: { ...annotation.font, size } }] : [];
  });
  if (source.annotations) layout.annotations = annotations;
  return { ...spec, layout };
}
