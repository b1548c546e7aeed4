import { NODE_REMEDY, nodeProblem } from "./node-problem";

/*
 * Loaded before all else: on a Node that is too old, what comes next would fail in words of its own (ERR_REQUIRE_ESM).
 */
const problem = nodeProblem();
if (problem !== null) throw new Error(`${problem}: ${NODE_REMEDY}`);
