import type { PlotlySpec } from "../../figures";

/** The size of a picture; scale multiplies the pixels of a PNG, not the layout. */
export interface PictureSize {
  width: number;
  height: number;
  scale: number;
}

/** A running process that turns Plotly specs into pictures, one at a time. */
export interface Renderer {
  /** Which engine it is, for messages: "kaleido" or the path of a browser. */
  readonly name: string;
  render(spec: PlotlySpec, format: "png" | "svg", size: PictureSize): Promise<Buffer>;
  close(): Promise<void>;
}
