let stock = false;

/** Whether steps are being compiled of TensorFlow's own ops alone. */
export const isOfStockOps = (): boolean => stock;

/** Does something with none of gradamp's own ops. */
export function withStockOps<Result>(work: () => Result): Result {
  const before = stock;
  stock = true;
  try {
    return work();
  } finally {
    stock = before;
  }
}
