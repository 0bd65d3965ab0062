import type { BuiltinSymbol, KerasRelease, Slot, SlotFunction, TableName } from "../catalogue/keras.ts";
import type { Node, ValueTree } from "../json/index.ts";
import type { RegistryView, SourceLocation, Unknown, WorkspaceClass } from "../registry/view.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Cause } from "./cause.ts";
import type { PythonType, Value } from "./dict.ts";
import type { GraphFacts } from "./graph/graphFacts.ts";
import type { Lineage } from "./graph/lineage.ts";
import type { Warning } from "./warning.ts";

/**
 * The function of Keras that loads a root: of keras.saving, `load_model` of a `.keras` file; what it calls for an `.h5`
 * file; `keras.models.model_from_json`; `keras.layers.deserialize`; or `from_config` of the class that the root names, with
 * the inner config.
 */
export const loaders = [
  "deserialize_keras_object",
  "load_model",
  "load_model_from_hdf5",
  "model_from_json",
  "layers.deserialize",
  "from_config",
] as const;

export type Loader = (typeof loaders)[number];

/** One load: which value, by which function, in which Keras, with which custom objects. */
export interface LoadQuestion {
  readonly tree: ValueTree;
  /** The root object; for `load_model_from_hdf5` the value of `model_config`. */
  readonly root: Node;
  readonly loader: Loader;
  /** The value of `training_config` beside the root, where the loader compiles. */
  readonly trainingConfig?: Node;
  readonly behaviour: Behaviour;
  readonly release: KerasRelease;
  readonly registry: RegistryView;
  /** The `custom_objects` argument of the loader. */
  readonly customObjects?: ReadonlyMap<string, CustomObject>;
  /** The `safe_mode` argument, true where absent; `model_from_json` and `from_config` take none. */
  readonly safeMode?: boolean;
  /** What an enclosing `SafeModeScope` holds, or `enable_unsafe_deserialization()` has set: it wins over the argument. */
  readonly safeModeScope?: boolean;
  /** An enclosing `custom_object_scope`. */
  readonly scope?: ReadonlyMap<string, CustomObject>;
  /** Whether a package is installed where the config will be loaded; undefined where that is not known. */
  readonly packageInstalled?: (name: string) => boolean | undefined;
  /** Whether the document has syntax errors: the same text may then stand for different values in two places. */
  readonly isBroken?: boolean;
  /** Asked between objects: true where the answer is not wanted any more. */
  readonly stop?: () => boolean;
}

/** An object that a name resolves to. */
export type FoundObject =
  | { readonly from: "keras"; readonly symbol: BuiltinSymbol }
  | {
      readonly from: "workspace";
      readonly kind: "class" | "function" | "other";
      readonly module: string;
      readonly qualname: string;
      readonly location: SourceLocation;
      /** The key under which it was found, absent where its module was imported by name. */
      readonly key?: string;
      /** The key under which a scope or a `custom_objects` argument holds it, and whose that is. */
      readonly handed?: { readonly key: string; readonly by: string };
    }
  | { readonly from: "other"; readonly kind: "class" | "function" | "other" };

/** What kind of thing a name resolves to. */
export function kindOf(object: FoundObject): "class" | "function" | "other" {
  return object.from === "keras" ? object.symbol.kind : object.kind;
}

/** A name handed in by `custom_objects=` or a scope. */
export type CustomObject = FoundObject;

/**
 * What Python raises: `type(e).__name__` and `str(e)`, printed configs as `{…}`. Where Keras never returns, nothing is raised:
 * the exception is empty.
 */
export interface PythonError {
  readonly exception: string;
  readonly message: string;
}

/** Why an object is not found: the cause, where it is shown, and what Keras says of it before any wrapping. */
export interface Failure {
  readonly rule: Cause;
  /** The value that decides: where the problem is shown. */
  readonly node: Node;
  readonly error: PythonError;
  /** The key that was looked up, where one was. */
  readonly lookedUp?: string;
  /** The class or function name of the object. */
  readonly name?: string;
  readonly module?: string | null;
  /** What could stand there instead: names of arguments, or strings. */
  readonly allowed?: readonly string[];
  /** Of an argument that is missing: its default in the source text of the constructor, where it has one. */
  readonly initial?: string;
  /** What a registration of the workspace put in the place of what was meant. */
  readonly found?: { readonly key: string; readonly location: SourceLocation };
  /** Of the graph of a model: what is known beside Keras's words. */
  readonly graph?: GraphFacts;
  /** Of what a class of the workspace does with it in its own code. */
  readonly own?: OwnUse;
}

/** The code of a class of the workspace that raises something, and what Python says there, before anybody tells it in other words. */
export interface OwnUse {
  readonly className: string;
  readonly method: "__init__" | "build" | "call";
  readonly error: PythonError;
}

/** What one simulated load goes through, in the order of Keras. */
export type LoadEvent =
  | { readonly kind: "found"; readonly node: Node; readonly object: FoundObject }
  | {
      readonly kind: "failed";
      /** The serialized object (or string) that is not found. */
      readonly node: Node;
      readonly failure: Failure;
      /** What leaves the loader, after every enclosing object has wrapped it. */
      readonly outcome: PythonError;
    }
  | { readonly kind: "unknown"; readonly node: Node; readonly at: Node; readonly unknown: Unknown }
  /** Keras raises nothing and does what is hardly meant, beside what else becomes of the object. */
  | { readonly kind: "warned"; readonly node: Node; readonly warning: Warning };

/**
 * Where in a load a value is deserialized: what an error passes through on its way out, and what is in force there.
 */
export interface Frame {
  readonly parent: Frame | undefined;
  /** What becomes of an error of this frame's content on its way to the parent. */
  readonly wrap: ((error: PythonError) => PythonError) | undefined;
  /** Inside a `CustomObjectScope({**argument, **scope, **global})` of an enclosing object. */
  readonly nested: boolean;
  /** What the innermost safe mode scope says; undefined outside of every one (`in_safe_mode()` is None there). */
  readonly safeMode: boolean | undefined;
  /** Whether the loader's `custom_objects` reach here, as an argument or in a scope made of it. */
  readonly handed: boolean;
  /** Python stack frames in use, as far as they can be counted. */
  readonly depth: number;
  /** Set where it is not known whether this content is deserialized at all: failures below are then unknown. */
  readonly doubt: Unknown | undefined;
}

/** Python's recursion limit is 1000; what a deeper document does depends on the caller's own stack. */
const depthLimit = 900;

/** Whether a frame has that many calls to go before it may be too deep. */
export function isFarFromLimit(frame: Frame, calls: number): boolean {
  return frame.depth + calls <= depthLimit;
}

export type Task = () => void;

/** A task looks up an object or plans those within it: some microseconds. */
const TASKS_PER_STEP = 64;

/** What a call of `deserialize_keras_object` returns, as far as its caller asks. */
export type Result =
  | { readonly is: "object"; readonly object: FoundObject }
  /**
   * A plain value: a string that no table and no custom object answers, a number, a dict without class_name. `returned`: the
   * type of what stands for the name of a class, where that is no string.
   */
  | { readonly is: "plain"; readonly text?: string; readonly returned?: PythonType }
  /** The call failed or cannot be judged; an event says so. */
  | { readonly is: "failed" };

/** One call of `cls.from_config(config)`. */
export interface Revival {
  readonly object: FoundObject;
  readonly config: Value;
  readonly frame: Frame;
  /** Whether the legacy loader calls it: its string arguments may already have become functions. */
  readonly legacy: boolean;
}

/** An argument of what is revived, which is deserialized as its slot says. */
export interface SlotArgument {
  readonly slot: Slot;
  readonly node: Node;
  readonly frame: Frame;
  readonly revival: Revival;
}

/** What an argument came to, to be told again of others that are written alike (`alikeArguments.ts`). */
export interface AlikeArgument {
  readonly symbol: BuiltinSymbol;
  readonly frame: Frame;
  readonly result: Result;
  /** The objects that were found in it, each by its distance from the argument's own node. */
  readonly found: readonly { readonly offset: number; readonly object: FoundObject }[];
}

/** The functions of Keras that call each other in a circle; handed to the load so that their files need not. */
export interface KerasFunctions {
  deserializeKerasObject(load: Load, value: Value, frame: Frame, table?: TableName): Result;
  /** One argument, as its slot says. */
  deserializeSlot(load: Load, by: SlotFunction, value: Value, frame: Frame): Result;
  /** The configuration of a model or layer in the format before `module`, as a file in HDF5 holds it. */
  modelFromConfig(load: Load, node: Node, frame: Frame): Result;
  /** `Sequential.from_config`. */
  sequentialFromConfig(load: Load, revival: Revival): void;
  /** `functional_from_config`. */
  functionalFromConfig(load: Load, revival: Revival): void;
  /** A layer in the list of a model. */
  layerFromConfig(load: Load, layer: Node, frame: Frame, model: "sequential" | "functional"): Result;
  /** The `training_config` of a file in HDF5. */
  compileArguments(load: Load, trainingConfig: Node, frame: Frame): void;
  reviveFromConfig(load: Load, revival: Revival): void;
  /** Why it cannot be known what is raised of an object, since the workspace may have set something else on a class. */
  whyPatched(load: Load, node: Node): Unknown | undefined;
}

/**
 * The state of one simulated load. Work is kept on a stack of tasks, not on the JavaScript stack, since documents nest
 * as deep as they like.
 */
export class Load {
  readonly question: LoadQuestion;
  readonly keras: KerasFunctions;
  readonly tree: ValueTree;
  readonly behaviour: Behaviour;
  readonly release: KerasRelease;
  readonly registry: RegistryView;
  readonly events: LoadEvent[] = [];
  /** Every key and module that was looked up: what a changed Python file must touch to change this verdict. */
  readonly asked = new Set<string>();
  /** The `safe_mode` with which `deserialize_keras_object` is called; a scope wins over it. */
  readonly safeMode: boolean;
  /** The objects by `shared_object_id`, where an ObjectSharingScope is open (only in `load_model`). */
  readonly shared: Map<string, FoundObject> | undefined;
  /** What arguments have become where that is not what Keras expects there, by their values in the config. */
  readonly results = new Map<Node, Result>();
  /** The configs that hold such arguments. */
  readonly configsWithResults = new Set<Node>();
  /** What arguments of the workspace's classes have become, by their values in the config, and elements of lists by theirs. */
  readonly ofWorkspace = new Map<Node, Result>();
  /** The layers whose `build` and `call` of their own were gone through. */
  readonly calledOwn = new Set<Node>();
  /** Values of which it turned out what becomes of them, after it was said that this cannot be known. */
  readonly settled = new Set<Node>();
  /** The layers that are built, by their objects in the config. */
  readonly built = new Set<Node>();
  /** What arguments came to, by their slot and text, for others that are written alike. */
  readonly alike = new Map<Slot, Map<string, AlikeArgument>>();
  /** What objects of the config were found as, by the events up to `indexed`. */
  private readonly objects = new Map<Node, FoundObject>();
  private indexed = 0;
  /** What the workspace may set on classes, as far as that was asked. */
  readonly patches = new Map<BuiltinSymbol | WorkspaceClass, Unknown | undefined>();
  /** The bases of objects and of their classes, as far as they were asked for. */
  readonly lineages = new Map<FoundObject | WorkspaceClass, Lineage>();
  private readonly tasks: Task[] = [];

  constructor(question: LoadQuestion, keras: KerasFunctions) {
    this.question = question;
    this.keras = keras;
    this.tree = question.tree;
    this.behaviour = question.behaviour;
    this.release = question.release;
    this.registry = question.registry;
    this.safeMode = takesSafeMode(question.loader) ? (question.safeMode ?? true) : true;
    this.shared = question.loader === "load_model" ? new Map() : undefined;
  }

  /** Puts tasks before everything that is still to do, to run in the order given. */
  next(tasks: readonly Task[]): void {
    for (let i = tasks.length - 1; i >= 0; i--) this.tasks.push(tasks[i] as Task);
  }

  /** How many tasks there are to do, for `nextAfter`. */
  get pending(): number {
    return this.tasks.length;
  }

  /** Puts a task behind all that was put before the `pending` ones since. */
  nextAfter(pending: number, task: Task): void {
    this.tasks.splice(pending, 0, task);
  }

  /** Puts a task behind everything that is still to do. */
  last(task: Task): void {
    this.tasks.unshift(task);
  }

  /** Works off everything, yielding now and then, so that whoever runs it can let other work through. */
  *run(first: Task): Generator<undefined, void> {
    this.tasks.push(first);
    const { stop } = this.question;
    let done = 0;
    for (let task = this.tasks.pop(); task && !stop?.(); task = this.tasks.pop()) {
      task();
      if (++done % TASKS_PER_STEP === 0) yield;
    }
  }

  found(node: Node, object: FoundObject): void {
    this.events.push({ kind: "found", node, object });
  }

  /** What an object of the config was found as. */
  foundAt(node: Node): FoundObject | undefined {
    // Few ask, and most of them after all that they ask for is there.
    for (; this.indexed < this.events.length; this.indexed++) {
      const event = this.events[this.indexed];
      if (event?.kind === "found") this.objects.set(event.node, event.object);
    }
    return this.objects.get(node);
  }

  /** Keeps what an argument has become that may not be what is due. */
  keepResult(node: Node, result: Result): void {
    this.results.set(node, result);
    this.configsWithResults.add(this.tree.parent(node));
  }

  fail(node: Node, failure: Failure, frame: Frame): void {
    const doubt = frame.doubt ?? this.keras.whyPatched(this, node);
    if (doubt) {
      this.unknown(node, failure.node, doubt);
      return;
    }
    this.events.push({ kind: "failed", node, failure, outcome: outcomeOf(failure.error, frame) });
  }

  /** Whether a value lies too deep for Python to reach for certain; an event then says so. */
  isTooDeep(node: Node, frame: Frame): boolean {
    if (frame.depth <= depthLimit) return false;
    const reason = "it is nested so deep that Python's recursion limit may stop the load first";
    this.unknown(node, node, { reason, names: [] });
    return true;
  }

  /**
   * Notes what happens without a word; nothing where it is not known whether anybody gets there, and in Keras 2 only that it
   * keeps a bare name: of the rest it is not measured.
   */
  warn(node: Node, warning: Warning, frame: Frame): void {
    const isMeasured = this.behaviour.package === "keras" || warning.rule === "unknown-identifier";
    if (!frame.doubt && isMeasured) this.events.push({ kind: "warned", node, warning });
  }

  unknown(node: Node, at: Node, unknown: Unknown): void {
    this.events.push({ kind: "unknown", node, at, unknown });
  }
}

/** Whether `deserialize_keras_object` gets its `safe_mode` from the caller; else its default holds. */
function takesSafeMode(loader: Loader): boolean {
  return loader === "deserialize_keras_object" || loader === "load_model";
}

/** What leaves the loader when `error` is raised in `frame`. */
export function outcomeOf(error: PythonError, frame: Frame): PythonError {
  let result = error;
  // What is not raised is caught nowhere.
  if (error.exception === "") return error;
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    if (at.wrap) result = at.wrap(result);
  }
  return result;
}

/** What a frame changes against its parent; `calls` counts the Python frames between them. */
export interface FrameChange {
  readonly calls: number;
  readonly wrap?: ((error: PythonError) => PythonError) | undefined;
  readonly nested?: boolean;
  readonly safeMode?: boolean;
  readonly handed?: boolean;
  readonly doubt?: Unknown | undefined;
}

/** A frame inside another. */
export function inner(parent: Frame, change: FrameChange): Frame {
  return {
    parent,
    wrap: change.wrap,
    nested: change.nested ?? parent.nested,
    safeMode: change.safeMode ?? parent.safeMode,
    handed: change.handed ?? parent.handed,
    depth: parent.depth + change.calls,
    doubt: change.doubt ?? parent.doubt,
  };
}
