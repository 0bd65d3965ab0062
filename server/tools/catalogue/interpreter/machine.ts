import type { Statement } from "../../../src/python/statements.ts";
import type { ReleaseSource } from "../releaseSource.ts";
import type { ModuleValue, Value } from "./values.ts";
import { now, PythonError } from "./values.ts";

/** What Keras is imported in: the backend it asks for, and the packages that are installed. */
export interface Environment {
  readonly backend: string;
  /** Top-level packages besides Python's own. */
  readonly installed: { has(name: string): boolean };
}

export interface ExportRecord {
  readonly paths: readonly string[];
  readonly value: Value;
}

/**
 * Told of every call of a function of Keras before it is read; an answer stands for the call. `self` is what a method
 * is called on, or the class that is called.
 */
export type Intercept = (machine: Machine, call: CallArguments, self: Value | undefined) => Value | undefined;

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Whether a spread may have brought more. */
  readonly open: boolean;
}

/** Reading went on for too long: what is read gives no answer. */
export class BudgetExceeded extends Error {}

/** One Python process as far as reading imitates it: modules, exports, and how certain the present place is. */
export class Machine {
  readonly source: ReleaseSource;
  readonly environment: Environment;
  readonly modules = new Map<string, ModuleValue>();
  readonly exports: ExportRecord[] = [];
  /** By "module:qualname". */
  readonly intercepts = new Map<string, Intercept>();
  /** Where the undecided branches that are being read began, on the clock of values; empty where the place is certain. */
  readonly branches: number[] = [];
  /** The calls and statements that are being read, outermost first: offsets in their functions. */
  readonly place: number[] = [];
  /** Modules whose functions or classes were read since this was last emptied. */
  readonly touched = new Set<string>();
  /** The modules that each module imports. */
  readonly imports = new Map<string, Set<string>>();
  depth = 0;
  /** How many constructors are being run. */
  constructors = 0;
  /** `__name__` of the module whose statements run. */
  runningModule = "";
  /** Whether `super()` is followed in `Model.get_config(self)`, too; constructors that are called so lead too far. */
  followsExplicitSelf = false;
  /** Whether exceptions carry what they say. */
  showsErrors = false;
  private steps = 0;
  private budget = Number.POSITIVE_INFINITY;

  constructor(source: ReleaseSource, environment: Environment) {
    this.source = source;
    this.environment = environment;
  }

  /** Counts one step; throws BudgetExceeded when there are none left. */
  step(_statement?: Statement): void {
    if (++this.steps > this.budget) throw new BudgetExceeded();
  }

  /** Runs with at most so many steps. */
  within<T>(budget: number, run: () => T): T {
    const before = this.budget;
    this.budget = this.steps + budget;
    try {
      return run();
    } finally {
      this.budget = before;
    }
  }

  /** Reads something that may or may not happen. */
  maybe<T>(run: () => T): T {
    const height = this.branches.length;
    this.branches.push(now());
    try {
      return run();
    } catch (error) {
      if (error instanceof PythonError) error.uncertain = true;
      throw error;
    } finally {
      this.branches.length = height;
    }
  }

  get uncertain(): boolean {
    return this.branches.length > 0;
  }

  /** Whether a change to a value of this birth only may happen, as seen from outside the branch. */
  changesWeakly(birth: number): boolean {
    const branch = this.branches.at(-1);
    return branch !== undefined && birth < branch;
  }
}
