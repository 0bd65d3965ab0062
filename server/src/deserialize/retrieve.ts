import type { BuiltinSymbol } from "../catalogue/keras.ts";
import { isKnownSilent, isStandardLibrary, isToolPackage } from "../registry/packages.ts";
import type { Declaration, Unknown } from "../registry/view.ts";
import { builtinModules, deniedNames, importablePackages, requiredPackages } from "./behaviour.ts";
import { field, hashable, pythonType, text, truthy, type Value } from "./dict.ts";
import {
  apiNameOf,
  importedModule,
  isOfKeras,
  nestedClass,
  registeredByKeras,
  whyNestedClassOpen,
} from "./keras2/modules.ts";
import type { FoundObject, Frame, Load } from "./load.ts";
import * as messages from "./messages.ts";
import { whyPut } from "./patched.ts";
import { pythonBuiltins } from "./pythonBuiltins.ts";
import { pythonRepr } from "./pythonRepr.ts";
import type { Retrieval, Wanted } from "./retrieval.ts";
import {
  failure,
  fieldNode,
  moduleMissing,
  nameField,
  nameText,
  notLocated,
  notSaveable,
  unhashable,
  wrongType,
} from "./retrievalFailures.ts";
import {
  isNamedByPackage,
  replacesCustomObject,
  replacesKey,
  runsCode,
  unsafeModule,
  warningsOfRegistered,
  warnOfGadget,
} from "./retrievalWarnings.ts";

/** `_retrieve_class_or_fn` of keras/src/saving/serialization_lib.py, in its order, for every release. */
export function retrieve(load: Load, wanted: Wanted, frame: Frame): Retrieval {
  const { tree } = load;
  const keyValue = wanted.kind === "function" ? wanted.name : wanted.registeredName;
  if (keyValue !== undefined && !hashable(tree, keyValue)) {
    const at =
      wanted.kind === "function"
        ? "config"
        : field(tree, wanted.dict, "registered_name")
          ? "registered_name"
          : "class_name";
    return wrongType(load, wanted, at, unhashable(load, keyValue));
  }
  const key = text(tree, keyValue);
  let conditional: Unknown | undefined;
  if (key !== undefined) {
    const registered = lookUpKey(load, key, frame);
    if (registered && "found" in registered) {
      const warnings = warningsOfRegistered(load, wanted, key, registered.found, frame);
      return warnings.length > 0 ? { ...registered, warnings } : registered;
    }
    conditional = registered?.unknown;
  }
  const outcome = truthy(tree, wanted.module) ? retrieveByModule(load, wanted, frame) : notLocated(load, wanted);
  if ("found" in outcome || "unknown" in outcome || key === undefined) return outcome;
  // The error stands only where nothing can have registered the key.
  const unknown = conditional ?? load.registry.whyOpen(key, nameText(load, wanted), text(tree, wanted.module) ?? null);
  return unknown ? { unknown, at: outcome.failure.node } : outcome;
}

/** The custom object of a key in the order that holds at this depth; unknown where only a maybe registers it. */
export function lookUpKey(
  load: Load,
  key: string,
  frame: Frame,
): { found: FoundObject } | { unknown: Unknown } | undefined {
  load.asked.add(key);
  const scoped = load.question.scope?.get(key);
  const argument = frame.handed ? load.question.customObjects?.get(key) : undefined;
  const declarations = load.registry.declarations(key);
  const registered = latestImported(declarations);
  const global: FoundObject | undefined = registered ? fromDeclaration(registered) : registeredByKeras(load, key);
  // Every class is revived inside CustomObjectScope({**argument, **scope, **global}), which replaces the outer scope.
  const found = frame.nested ? (global ?? scoped ?? argument) : (scoped ?? global ?? argument);
  if (found) return { found };
  const conditional = declarations[0];
  return conditional ? { unknown: conditionalRegistration(conditional) } : undefined;
}

/** What the loader's argument and a scope hand in there, beside what is registered, in the order of `{**argument, **scope}`. */
export function handedIn(load: Load, frame: Frame): ReadonlyMap<string, FoundObject>[] {
  const { scope, customObjects } = load.question;
  return [frame.handed ? customObjects : undefined, scope].filter((objects) => objects !== undefined);
}

function latestImported(declarations: readonly Declaration[]): Declaration | undefined {
  return declarations.findLast((declaration) => declaration.when === "import");
}

function fromDeclaration(declaration: Declaration): FoundObject {
  const { kind, module, qualname, location, key } = declaration;
  return { from: "workspace", kind, module, qualname, location, key };
}

/** Why a registration that does not happen on import leaves its key open. */
export function conditionalRegistration(declaration: Declaration): Unknown {
  return {
    reason:
      declaration.when === "call"
        ? `\`${declaration.key}\` is registered only where a function is called (${declaration.via.text})`
        : `\`${declaration.key}\` is registered in a branch that cannot be decided (${declaration.via.text})`,
    location: declaration.via.location,
    names: [declaration.key],
  };
}

function retrieveByModule(load: Load, wanted: Wanted, frame: Frame): Retrieval {
  const { tree, behaviour, release } = load;
  const module = text(tree, wanted.module);
  if (module === undefined) {
    const type = pythonType(tree, wanted.module as Value);
    return wrongType(load, wanted, "module", {
      exception: "AttributeError",
      message: `'${type}' object has no attribute 'startswith'`,
    });
  }
  load.asked.add(module);
  const name = nameText(load, wanted);
  const isKeras = isOfKeras(behaviour, module);
  const joins = isKeras || (wanted.kind === "function" && module === "builtins");
  if (joins && behaviour.joinsNamesByPlus && text(tree, wanted.name) === undefined) {
    const type = pythonType(tree, wanted.name);
    return wrongType(
      load,
      wanted,
      nameField(wanted),
      messages.typeError(`can only concatenate str (not "${type}") to str`),
    );
  }
  if (isKeras) {
    const apiName = apiNameOf(behaviour, module, name);
    if (deniedNames[behaviour.denied].has(apiName)) {
      return failure(
        load,
        wanted,
        "not-a-modeling-function",
        nameField(wanted),
        messages.denied(behaviour, apiName),
        apiName,
      );
    }
    const symbol = release.exported(apiName);
    if (symbol) return warnOfGadget(load, wanted, symbol, builtin(load, wanted, symbol, name, apiName), apiName);
  }
  if (wanted.kind === "function" && module === "builtins") {
    const found = retrieveBuiltinFunction(load, wanted, name, frame);
    if (found) return found;
  }
  if (behaviour.importsAnyModule && module.startsWith("."))
    return wrongType(load, wanted, "module", messages.relativeImport(pythonRepr(tree, wanted.module as Value)));
  const imported = importedModule(behaviour, module);
  const top = imported.split(".", 1)[0] as string;
  if (top === behaviour.package) return retrieveFromKerasModule(load, wanted, imported, name);
  if (importablePackages.has(top) || behaviour.importsAnyModule)
    return retrieveFromOtherModule(load, wanted, imported, top, name);
  return notLocated(load, wanted);
}

/** `_assert_no_registered_name_for_builtin`, and the built-in where it passes. */
function builtin(load: Load, wanted: Wanted, symbol: BuiltinSymbol, name: string, resolved: string): Retrieval {
  const explicit = field(load.tree, wanted.dict, "registered_name");
  if (load.behaviour.rejectsRegisteredNameOfBuiltin && truthy(load.tree, explicit)) {
    const registeredName = text(load.tree, explicit);
    const className = text(load.tree, field(load.tree, wanted.dict, "class_name"));
    if (registeredName === undefined || (registeredName !== name && registeredName !== className)) {
      const error = messages.registeredNameOnBuiltin(pythonRepr(load.tree, explicit as Value), resolved);
      return failure(load, wanted, "registered-name-on-builtin", "registered_name", error, registeredName);
    }
  }
  const found: FoundObject = { from: "keras", symbol };
  const isRefusedLater = !load.behaviour.rejectsRegisteredNameOfBuiltin;
  const warning = replacesCustomObject(load, wanted.dict, explicit, name, resolved, isRefusedLater);
  return warning ? { found, warnings: [warning] } : { found };
}

function retrieveBuiltinFunction(load: Load, wanted: Wanted, name: string, frame: Frame): Retrieval | undefined {
  const { tree, behaviour, release, registry } = load;
  for (const module of builtinModules) {
    const path = `keras.${module}.${name}`;
    const symbol = release.exported(path);
    if (symbol) return builtin(load, wanted, symbol, name, path);
  }
  if (behaviour.functionFallback === "none") return undefined;
  if (behaviour.functionFallback === "package suffix") {
    if (text(tree, wanted.name) === undefined) {
      const type = pythonType(tree, wanted.name);
      return wrongType(load, wanted, "config", messages.typeError(`argument of type '${type}' is not iterable`));
    }
    if (name.includes(">")) return undefined;
  }
  const suffix = behaviour.functionFallback === "any suffix" ? name : `>${name}`;
  const handed = handedIn(load, frame).flatMap((objects) => [...objects.keys()]);
  const declarations = registry.declarationsEndingWith(suffix);
  const imported = declarations.find((declaration) => declaration.when === "import");
  const keyThere = handed.find((key) => key.endsWith(suffix)) ?? imported?.key;
  // The first key of `{**argument, **scope, **global}` is taken, and what that dict holds.
  const merged = keyThere === undefined ? undefined : lookUpKey(load, keyThere, { ...frame, nested: true });
  if (merged && "found" in merged) return merged;
  const conditional = declarations[0];
  return conditional && { unknown: conditionalRegistration(conditional), at: fieldNode(load, wanted.dict, "config") };
}

function retrieveFromKerasModule(load: Load, wanted: Wanted, module: string, name: string): Retrieval {
  const { behaviour, release } = load;
  const imported = release.importModule(module);
  if (imported.status === "missing") return moduleMissing(load, wanted, module, name);
  if (imported.status === "environment") {
    return {
      unknown: {
        reason: `whether \`${module}\` can be imported depends on ${imported.needs} being installed`,
        names: [module],
      },
      at: fieldNode(load, wanted.dict, "module"),
    };
  }
  if (!hashable(load.tree, wanted.name))
    return wrongType(load, wanted, nameField(wanted), unhashable(load, wanted.name));
  const symbol =
    imported.member(name) ??
    nestedClass(load, module, name) ??
    (behaviour.importsAnyModule ? memberByRegisteredName(load, wanted, imported.member) : undefined);
  if (symbol && (!behaviour.requiresKerasSaveable || (symbol.kind === "class" && symbol.kerasSaveable))) {
    const warning = replacesKey(load, wanted.dict, name, () => `${module}.${name}`);
    const found: FoundObject = { from: "keras", symbol };
    return warnOfGadget(load, wanted, symbol, warning ? { found, warnings: [warning] } : { found });
  }
  const put = symbol ? undefined : whyPut(load.registry, name, module);
  if (put) return { unknown: put, at: fieldNode(load, wanted.dict, "module") };
  if (!behaviour.requiresKerasSaveable) return notLocated(load, wanted);
  // A class of another name stands there for all that its module held once.
  return notSaveable(load, wanted, module, name, symbol !== undefined && symbol.qualname !== name);
}

function memberByRegisteredName<T>(load: Load, wanted: Wanted, member: (name: string) => T | undefined): T | undefined {
  const registeredName = text(load.tree, wanted.registeredName);
  return registeredName === undefined ? undefined : member(registeredName);
}

/** A module that is not Keras's own: in the workspace, in a package that was read, or somewhere unseen. */
function retrieveFromOtherModule(load: Load, wanted: Wanted, module: string, top: string, name: string): Retrieval {
  const { behaviour, registry } = load;
  if (registry.hasModule(module)) {
    if (!hashable(load.tree, wanted.name))
      return wrongType(load, wanted, nameField(wanted), unhashable(load, wanted.name));
    const member = (wantedName: string): FoundObject | undefined => {
      const found = registry.moduleMember(module, wantedName);
      return (
        found && {
          from: "workspace",
          kind: found.kind,
          module: found.module,
          qualname: found.qualname,
          location: found.location,
        }
      );
    };
    const found =
      member(name) ?? (behaviour.importsAnyModule ? memberByRegisteredName(load, wanted, member) : undefined);
    if (found && !(behaviour.requiresKerasSaveable && found.from === "workspace" && found.kind === "function"))
      return { found };
    const unknown =
      registry.whyOpen(name, name, module) ?? whyNestedClassOpen(load, name, member) ?? whyPut(registry, name, module);
    if (unknown) return { unknown, at: fieldNode(load, wanted.dict, "module") };
    return behaviour.requiresKerasSaveable ? notSaveable(load, wanted, module, name) : notLocated(load, wanted);
  }
  if (module === "__main__") return retrieveFromMain(load, wanted, name);
  if (behaviour.importsAnyModule && module === "builtins") {
    if (!pythonBuiltins.has(name)) return notLocated(load, wanted);
    const warnings = runsCode.has(name) ? [unsafeModule(load, wanted, module, name)] : [];
    return { found: { from: "other", kind: "other" }, warnings };
  }
  const needed = isStandardLibrary(top) || requiredPackages[behaviour.package].has(top);
  const installed = needed || load.question.packageInstalled?.(top);
  if (installed === false) return moduleMissing(load, wanted, module, name);
  const unknown =
    installed === true || importablePackages.has(top) || isKnownSilent(top) || wellKnownPackages.has(top)
      ? {
          reason: `whether \`${module}\` can be imported and holds \`${name}\` depends on the packages installed`,
          names: [module],
        }
      : registry.whyOpen(`${module}.${name}`, name, module);
  if (!unknown) return moduleMissing(load, wanted, module, name);
  const isTool = isToolPackage(top) && !isNamedByPackage(load, wanted);
  const warnings = isTool ? [unsafeModule(load, wanted, module, name)] : [];
  return { unknown, at: fieldNode(load, wanted.dict, "module"), warnings };
}

/** `__main__` is there always, and is the script that loads: who knows which. */
function retrieveFromMain(load: Load, wanted: Wanted, name: string): Retrieval {
  const { registry } = load;
  const registeredName = text(load.tree, wanted.registeredName);
  const [definition] = [name, registeredName ?? name].flatMap((one) => registry.definitionsNamed(one));
  const unknown = definition && {
    reason: `whether \`${name}\` is in \`__main__\` depends on the script that loads it`,
    location: definition.location,
    names: [name],
  };
  return unknown ? { unknown, at: fieldNode(load, wanted.dict, "module") } : notLocated(load, wanted);
}

/** Packages of the field, any of which may be installed beside the workspace without being imported by it. */
const wellKnownPackages = new Set(
  "autokeras keras_contrib keras_core keras_rs keras_tuner kerastuner tensorflow_addons".split(" "),
);
