/** The part of jasmine-core, which ships no types, that runs specs. */
declare module "jasmine-core" {
  interface Result {
    readonly fullName: string;
    readonly status: "passed" | "failed" | "pending" | "excluded";
    readonly failedExpectations: readonly { readonly message: string }[];
  }
  interface Env {
    configure(options: {
      forbidDuplicateNames: boolean;
      random: boolean;
      specFilter: (spec: { getFullName(): string }) => boolean;
    }): void;
    addReporter(reporter: {
      specStarted(): void;
      specDone(result: Result): void;
      jasmineDone(result: { readonly failedExpectations: Result["failedExpectations"] }): void;
    }): void;
    execute(): void;
  }
  interface Jasmine {
    DEFAULT_TIMEOUT_INTERVAL: number;
    getEnv(): Env;
  }
  const jasmineRequire: {
    core(jasmineRequire: object): Jasmine;
    interface(jasmine: Jasmine, env: Env): object;
  };
  export = jasmineRequire;
}
