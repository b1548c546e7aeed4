/**
 * `ga.table.*`: rows in, tables out: what the papers print, as arquero tables, and ways to render any arquero table. A table
 * that `ga.table` gives shows itself in a notebook and saves itself as CSV, LaTeX, Markdown or HTML ({@link Table}).
 *
 * @module table
 */
export { checkPapers } from "./papers/check-papers";
export { contradictionsPage } from "./papers/contradictions-page";
export type { PaperCheck, PublishedRow } from "./papers/published-row";
export { quantityOf, type Quantity } from "./quantity";
export type { Direction } from "./render/best-rows";
export type { RenderOptions } from "./render/grid";
export { toCsv, type CsvOptions } from "./render/to-csv";
export { toHtml, type HtmlOptions } from "./render/to-html";
export { toLatex, type LatexOptions } from "./render/to-latex";
export { toMarkdown } from "./render/to-markdown";
export { toText, type TextOptions } from "./render/to-text";
export type { Value } from "./value";
export { results, type ResultsOptions } from "./verbs/results";
export { asColumns, type AsColumnsOptions } from "./verbs/as-columns";
export { asNumbers, type AsNumbersOptions } from "./verbs/as-numbers";
export { besidePublished, type BesidePublishedOptions } from "./verbs/beside-published";
export type { Tolerance } from "./verbs/tolerance";
export { bestOf, type BestOfOptions } from "./verbs/best-of";
export type { BaselineOptions } from "./verbs/compare-with-baseline";
export { crossTable, type CrossTableOptions } from "./verbs/cross-table";
export { improvement, type ImprovementOptions } from "./verbs/improvement";
export { overhead, type OverheadOptions } from "./verbs/overhead";
export { overSeeds, type OverSeedsOptions } from "./verbs/over-seeds";
export { pairedImprovement, type PairedImprovementOptions } from "./verbs/paired-improvement";
export { runningTime, type RunningTimeOptions } from "./verbs/running-time";
export { fromDanfo, type FrameLike, type FromDanfoOptions } from "./danfo/from-danfo";
export { toDanfo } from "./danfo/to-danfo";
export { describe } from "./verbs/describe";
export { chosenByValidation, type ChosenByValidationOptions } from "./reproduction/chosen-by-validation";
export { reproductionCells, type ReproductionCellsOptions } from "./reproduction/reproduction-cells";
export { reproductionClaims } from "./reproduction/reproduction-claims";
export { settingsToConfirm } from "./reproduction/settings-to-confirm";
export { againstBaseline, type AgainstBaselineOptions } from "./verbs/against-baseline";
export { gradientDecay, type GradientDecayOptions } from "./verbs/gradient-decay";
export { vanishingClaims, type VanishingClaimsOptions, type VanishingRuns } from "./claims/vanishing-claims";
export { amplificationClaims, type AmplificationClaimsOptions } from "./claims/amplification-claims";
export { publishedGains, type PublishedGainsOptions } from "./claims/published-gains";
export { choiceInWords } from "./claims/choice-in-words";
