import type { RegistrationProblem } from "../registry/problems.ts";
import type { SourceLocation } from "../registry/view.ts";
import type { Rule, Severity } from "./rule.ts";

/** What is said of registrations in Python. What Keras does is measured in Keras 3.15.1 and in Keras 2.15. */
export const registrationRules: readonly Rule[] = (
  [
    {
      code: "duplicate-registration",
      severity: "warning",
      summary: "Two objects are registered under one key.",
      message: "{sentence}",
      cause:
        "`register_keras_serializable` and `get_custom_objects()` write into one dict. What is registered last replaces what was " +
        "there, without an error or a warning. Objects of both classes are saved under the same key, so that a saved object of " +
        "the one comes back as an object of the other.",
      fix:
        "Give one of them another name or package. Where only one program in question imports both modules there is nothing to " +
        "mend for the others: that is information, and a warning where both stand in one file or importing one module imports the other.",
      example:
        "import keras\n\n\n" +
        '@keras.saving.register_keras_serializable(package="my_package", name="Scale")\n' +
        "class Scale(keras.layers.Layer):\n    pass\n\n\n" +
        '@keras.saving.register_keras_serializable(package="my_package", name="Scale")\n' +
        "class ScaleByTwo(keras.layers.Layer):\n    pass",
    },
    {
      code: "decorator-not-called",
      severity: "error",
      summary: "The decorator stands without parentheses, so that nothing is registered.",
      message: "{sentence}",
      cause:
        "`register_keras_serializable` takes the package and the name and returns the decorator. Without a call the class itself " +
        "is taken for the package, and what the decorator would be takes the place of the class. Python says so only when it is " +
        "used: `register_keras_serializable.<locals>.decorator() missing 1 required positional argument: 'arg'`, or AttributeError where it is called with one.",
      fix: "Add the parentheses.",
      example:
        "import keras\n\n\n@keras.saving.register_keras_serializable\nclass Scale(keras.layers.Layer):\n    pass",
    },
    {
      code: "name-as-package",
      severity: "warning",
      summary: "The name of the object is given as its package.",
      message: "{sentence}",
      cause:
        "The first argument of `register_keras_serializable` is the package; the name is the second. The key is " +
        "`package>name`, and the name is that of the class or function where none is given.",
      fix: "Write `name=`, or `package=` where the package is really called so. Files that were saved before name the old key.",
      example:
        "import keras\n\n\n" +
        '@keras.saving.register_keras_serializable("attention_loss")\n' +
        "def attention_loss(y_true, y_pred):\n    return keras.losses.mean_squared_error(y_true, y_pred)",
    },
    {
      code: "missing-get-config",
      severity: "error",
      summary: "The class that is registered has no `get_config()`.",
      message: "{sentence}",
      cause:
        "`register_keras_serializable` raises ValueError for a class without the attribute `get_config`, as soon as the module is " +
        "imported. Layers, models, losses, metrics and the like have it from Keras; a plain class and a callback do not.",
      fix:
        "Add `get_config()`, which returns the arguments of the constructor, and where the class derives from none of Keras's " +
        "also `from_config()`: loading calls it.",
      example:
        "import keras\n\n\n@keras.saving.register_keras_serializable()\n" +
        "class Vocabulary:\n    def __init__(self, words):\n        self.words = words",
    },
    {
      code: "instance-registered",
      severity: "warning",
      summary: "An object stands where a class or a function belongs.",
      message: "{sentence}",
      cause:
        "`register_keras_serializable()(Scale())` raises AttributeError, since an object has no `__name__`. With `name=` the object " +
        "is kept, and no config ever names its key, since configs name what the class is registered as. In the dict of " +
        "`get_custom_objects()`, a layer such as `Activation(swish)` stands for the function: Keras 3 writes the layer into the " +
        "config, one layer more round it each time that the model is loaded and saved; Keras 2 does not load what it saved " +
        "(`Unknown activation function`). An object of the very class that the key names loads, since `from_config` can be called on an object, too: that is information.",
      fix: "Write the class or the function.",
      example:
        "import keras\n\n\ndef swish(x):\n    return x * keras.ops.sigmoid(x)\n\n\n" +
        'keras.saving.get_custom_objects().update({"swish": keras.layers.Activation(swish)})',
    },
    {
      code: "built-in-registered",
      severity: "warning",
      summary: "A class or function of Keras itself is registered, which does not help loading.",
      message: "{sentence}",
      cause:
        "Keras finds its own classes and functions without any registration, and a config that it does not load does not name " +
        "`Custom>Sequential`. From then on the key is written into what is saved: layers, losses and optimizers in `.h5` files, " +
        "in Keras 3 also functions in `.keras` files and JSON. These load only where the registration runs, elsewhere with `Unknown layer: " +
        "'Custom>Dense'`. With a package of its own the registration may serve files that name it so: that is information.",
      fix:
        "Remove it. A Keras 2 config whose `Sequential` or `Functional` is not found lacks `module`; a class that is derived from " +
        "one of Keras's is registered as itself.",
      example: "import keras\n\nkeras.saving.register_keras_serializable()(keras.Sequential)",
    },
  ] satisfies Omit<Rule, "of">[]
).map((rule) => ({ ...rule, of: "registration" }));

/** A problem of a registration in words. */
export interface RegistrationWords {
  readonly message: string;
  /** Where it is another than the one of its rule. */
  readonly severity?: Severity;
  readonly related: readonly { readonly message: string; readonly location: SourceLocation }[];
}

/** What is said of a problem of a registration. */
export function registrationWords(problem: RegistrationProblem): RegistrationWords {
  const { name } = problem;
  switch (problem.cause) {
    case "duplicate-registration":
      return duplicateWords(problem);
    case "decorator-not-called": {
      const what = problem.kind === "class" ? "Making one, or deriving from it, fails" : "Calling it fails";
      const message = `\`register_keras_serializable\` is not called: \`${name}\` is not registered, and becomes its inner function \`decorator\`. ${what}.`;
      return { message, related: [] };
    }
    case "name-as-package": {
      const { given, key } = problem;
      const message = `\`"${given}"\` is taken for the package: the key is \`${key}\`. With \`name=\` it is \`Custom>${given}\`.`;
      return { message, related: [] };
    }
    case "missing-get-config":
      return {
        message: `Cannot register a class that does not have a get_config() method. Keras raises this ValueError for \`${name}\` when the module is imported.`,
        related: [{ message: `\`${name}\` is defined here`, location: problem.object }],
      };
    case "instance-registered":
      return instanceWords(problem);
    case "built-in-registered": {
      const { key, chosen, kind } = problem;
      const files = kind === "class" ? "Inside an `.h5` file" : "In what is saved";
      const own = chosen
        ? `\`${name}\` is Keras's own. Only files that name \`${key}\` need this.`
        : `\`${name}\` is Keras's own, which it finds without this.`;
      const message = `${own} ${files} it is written as \`${key}\` from now on, and loads only where this runs.`;
      return { message, ...(chosen && { severity: "information" }), related: [] };
    }
  }
}

function duplicateWords({
  key,
  name,
  others,
  last,
}: Extract<RegistrationProblem, { cause: "duplicate-registration" }>): RegistrationWords {
  const [other] = others;
  const more = others.length > 1 ? ` and ${others.length - 1} more` : "";
  const both = `\`${key}\` is registered for \`${name}\` and for \`${other?.name}\`${more}`;
  const related = others.slice(0, MOST_RELATED).map((one) => ({
    message: `\`${key}\` is registered for \`${one.name}\` here`,
    location: one.at,
  }));
  if (!last)
    return { message: `${both}: what is imported last is what Keras finds.`, severity: "information", related };
  const kept = last.isThis ? "this one comes last, and is what Keras finds" : `the last one is what Keras finds`;
  return { message: `${both}: ${kept}.`, related };
}

function instanceWords({
  by,
  key,
  name,
  isActivation,
}: Extract<RegistrationProblem, { cause: "instance-registered" }>): RegistrationWords {
  const related: RegistrationWords["related"] = [];
  if (by === "register_keras_serializable") {
    const message =
      key === undefined
        ? `\`'${name}' object has no attribute '__name__'\`: Keras raises this AttributeError, since an object of \`${name}\` stands where the class belongs.`
        : `An object of \`${name}\` is registered as \`${key}\` where the class belongs: no config names it so.`;
    return { message, ...(key === undefined && { severity: "error" }), related };
  }
  if (isActivation) {
    const message = `\`${key}\` stands for a layer instead of a function. Keras 3 saves the layer in place of the name, one more each time; Keras 2 does not load what it saved.`;
    return { message, related };
  }
  const isOfClass = key === name || key?.endsWith(`>${name}`) === true;
  const effect = isOfClass
    ? "Keras calls its `from_config` as it would the class's."
    : "Configs that name a function so get this one object.";
  const message = `\`${key}\` stands for one object of \`${name}\` where the class or a function belongs. ${effect}`;
  return { message, severity: "information", related };
}

/** Other places that are shown of one problem. */
const MOST_RELATED = 10;
