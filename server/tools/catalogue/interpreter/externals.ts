import { keras2 } from "../kerasPackage.ts";
import { copyOf } from "./builtins.ts";
import { importModule } from "./imports.ts";
import type { CallArguments, Machine } from "./machine.ts";
import { type ClassValue, constant, external, FALSE, NONE, now, TRUE, UNKNOWN, type Value } from "./values.ts";

/** Calls of what other packages define, as far as Keras's source depends on what they do. */
export function callExternal(machine: Machine, path: string, given: CallArguments): Value {
  const first = given.positional[0];
  const dot = path.lastIndexOf(".");
  const answer = machine.intercepts.get(`${path.slice(0, dot)}:${path.slice(dot + 1)}`)?.(machine, given, undefined);
  if (answer) return answer;
  switch (path) {
    case "functools.wraps":
      return { t: "wraps", like: first ?? UNKNOWN };
    case "contextlib.contextmanager":
    case "abc.abstractmethod":
      return first ?? UNKNOWN;
    case "copy.copy":
    case "copy.deepcopy":
      return first ? copyOf(first) : UNKNOWN;
    case "warnings.warn":
      return NONE;
    case "importlib.import_module":
      if (first?.t === "constant" && typeof first.value === "string") return importModule(machine, first.value);
      return UNKNOWN;
    case "collections.namedtuple": {
      if (first?.t !== "constant" || typeof first.value !== "string") return UNKNOWN;
      const cls: ClassValue = {
        t: "class",
        name: first.value,
        qualname: first.value,
        module: machine.runningModule,
        bases: [],
        mro: [],
        namespace: new Map(),
        statement: undefined,
        tree: undefined,
      };
      (cls as { mro: ClassValue["mro"] }).mro = [cls, external("builtins.tuple")];
      return cls;
    }
    case "threading.local":
      // Keras 3 keeps there what the process has set, which is not known.
      if (machine.source.package !== keras2) return UNKNOWN;
      return { t: "instance", class: emptyClass, attributes: new Map(), birth: now() };
    case "math.isinf":
    case "math.isnan":
      // No constant of Keras's source is either.
      return first?.t === "constant" ? FALSE : UNKNOWN;
    case "inspect.isclass":
      if (!first || ["unknown", "union", "external"].includes(first.t)) return UNKNOWN;
      return first.t === "class" ? TRUE : FALSE;
    case "re.sub":
      return substitute(given.positional);
    case "os.path.join":
      return joined(given.positional, (parts) => parts.join("/"));
    case "os.path.dirname":
      return joined(given.positional, ([path]) => (path ?? "").replace(/\/?[^/]*$/, ""));
    default:
      return UNKNOWN;
  }
}

/** The class of an object that holds what is assigned to it, and nothing else. */
const emptyClass: ClassValue = {
  t: "class",
  name: "local",
  qualname: "local",
  module: "threading",
  bases: [],
  mro: [],
  namespace: new Map(),
  statement: undefined,
  tree: undefined,
};

function joined(values: readonly Value[], join: (parts: string[]) => string): Value {
  const parts: string[] = [];
  for (const value of values) {
    if (value.t !== "constant" || typeof value.value !== "string") return UNKNOWN;
    parts.push(value.value);
  }
  return constant(join(parts));
}

/** `re.sub(pattern, replacement, text)`; the patterns of Keras mean the same in JavaScript. */
function substitute(values: readonly Value[]): Value {
  const [pattern, replacement, text] = values.map((value) =>
    value.t === "constant" && typeof value.value === "string" ? value.value : undefined,
  );
  if (pattern === undefined || replacement === undefined || text === undefined) return UNKNOWN;
  try {
    return constant(text.replace(new RegExp(pattern, "g"), replacement.replace(/\\(\d)/g, "$$$1")));
  } catch {
    return UNKNOWN;
  }
}
