export { published, type Paper } from "./published";
export { publishedRemarks } from "./published-remarks";
