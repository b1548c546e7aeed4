/** A command of Slurm's that failed, in its own words. */
export class SlurmError extends Error {
  override readonly name = "SlurmError";

  constructor(
    message: string,
    /** Whether it may go well later with nothing changed: the controller was away, or busy, or the queue is full. */
    readonly mayPass: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * What passes by itself: the controller, its database or the authentication is away or busy for a while, and limits on
 * how many jobs may be in the queue. All else (a partition, an account, a time limit, an association that is refused) is
 * the same in ten seconds.
 */
const PASSING =
  /unable to contact slurm|temporarily unable to accept|resource temporarily unavailable|not responding|socket timed out|connection (refused|reset|timed out)|communication connection failure|transport endpoint is not connected|zero bytes were transmitted|unexpected message received|backup controller|standby mode|munge|protocol authentication error|database.*(away|busy|not running)|MaxSubmitJob|MaxJobCount|too many (jobs|requests)|try again/i;

/** Whether words of Slurm's tell of something that passes by itself. */
export const mayPass = (words: string): boolean => PASSING.test(words);
