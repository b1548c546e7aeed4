/** Makes `process.exit` in a cell an error: it would take the variables of all cells with it. */
export function refuseExit(): void {
  process.exit = (code) => {
    throw new Error(
      `process.exit(${code ?? ""}) would end the notebook's kernel with all its variables; throw an error to end the cell, or restart the kernel from Jupyter's menu`,
    );
  };
}
