import type { BuiltinSymbol, ConstructorRules, MissingRule, ValueForm, ValueRule } from "../../catalogue/keras.ts";

const INTEGERS: readonly ValueForm[] = ["zero", "one", "greater integer", "negative integer"];
const FLOATS: readonly ValueForm[] = ["zero float", "fraction", "one float", "greater float", "negative float"];
const LISTS: readonly ValueForm[] = ["empty list", "list of 1", "list of 2", "list of 3", "list of 4"];
const BOOLEANS: readonly ValueForm[] = ["true", "false"];
const ALL: readonly ValueForm[] = ["null", ...BOOLEANS, ...INTEGERS, ...FLOATS, ...LISTS, "dict"];

const byHand = new WeakMap<BuiltinSymbol, ConstructorRules | "none">();

/**
 * What a constructor refuses: read off Keras's source, or written down here where that cannot be read without a backend or where no
 * single argument decides; undefined where nothing is known.
 */
export function rulesOf(symbol: BuiltinSymbol): ConstructorRules | undefined {
  if (symbol.constructorRules) return symbol.constructorRules;
  const make = makers[symbol.qualname];
  if (!make || !symbol.module.startsWith("keras.src.")) return undefined;
  let rules = byHand.get(symbol);
  if (!rules) {
    rules = make(symbol) ?? "none";
    byHand.set(symbol, rules);
  }
  return rules === "none" ? undefined : rules;
}

const makers: Readonly<Record<string, (symbol: BuiltinSymbol) => ConstructorRules | undefined>> = {
  TFSMLayer: tfsmLayer,
  TextVectorization: textVectorization,
  Discretization: discretization,
  LossScaleOptimizer: lossScaleOptimizer,
  Distiller: distiller,
  JaxLayer: () => openRules({ call_fn: keyError("call_fn"), init_fn: keyError("init_fn") }),
  FlaxLayer: () => openRules({ module: keyError("module"), method: keyError("method") }),
};

/** `TextVectorization` of keras/src/layers/preprocessing/text_vectorization.py (3.0 to 3.15), and the keys that its `from_config` reads. */
function textVectorization(symbol: BuiltinSymbol): ConstructorRules | undefined {
  const layer = baseRules(symbol, "Layer");
  if (!layer) return undefined;
  const modes = ["int", "one_hot", "multi_hot", "count", "tf_idf"];
  // To 3.0 a list stays one.
  const readsNgrams = !isBefore31(symbol);
  const standardizations = ["lower_and_strip_punctuation", "lower", "strip_punctuation"];
  return {
    accepts: [...namesOf(symbol), "has_input_vocabulary", "vocabulary_size", ...layer.accepts],
    ...(layer.unknown ? { unknown: layer.unknown } : {}),
    missing: {
      standardize: keyError("standardize"),
      split: keyError("split"),
      ...(readsNgrams ? { ngrams: keyError("ngrams") } : {}),
    },
    values: [
      ...layer.values,
      ...oneOf(symbol, "standardize", standardizations, [...BOOLEANS, ...INTEGERS, ...FLOATS, "empty list"]),
      ...oneOf(symbol, "split", ["whitespace", "character"], [...BOOLEANS, ...INTEGERS, ...FLOATS, "empty list"]),
      ...oneOf(symbol, "output_mode", modes, ALL, ["binary", "tf-idf"]),
      ...[...FLOATS, "dict", "string"].map((form): ValueRule => {
        const text = "`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams={ngrams}";
        const rule = { argument: "ngrams", forms: [form as ValueForm], refusal: { exception: "ValueError", text } };
        return form === "string" ? { ...rule, strings: { accepted: [], caseless: false } } : rule;
      }),
    ],
  };
}

/** `Discretization` of keras/src/layers/preprocessing/discretization.py, from 3.9 on, where it has a `from_config` of its own. */
function discretization(symbol: BuiltinSymbol): ConstructorRules | undefined {
  const layer = baseRules(symbol, "Layer");
  if (!layer) return undefined;
  const accepts = namesOf(symbol);
  const negative = "`num_bins` must be greater than or equal to 0. Received: `num_bins={num_bins}`";
  return {
    accepts,
    unknown: {
      exception: "TypeError",
      text: "Discretization.__init__() got an unexpected keyword argument 'no_such_keyword'",
    },
    missing: {},
    values: [
      ...layer.values.filter(({ argument }) => accepts.includes(argument)),
      ...oneOf(symbol, "output_mode", ["int", "one_hot", "multi_hot", "count"], ALL),
      {
        argument: "num_bins",
        forms: ["negative integer", "negative float"],
        refusal: { exception: "ValueError", text: negative },
      },
      ...(
        [
          ["list", LISTS],
          ["dict", ["dict"]],
          ["str", ["string"]],
        ] as const
      ).map(([type, forms]): ValueRule => {
        const text = `'<' not supported between instances of '${type}' and 'int'`;
        const rule = { argument: "num_bins", forms, refusal: { exception: "TypeError", text } };
        return type === "str" ? { ...rule, strings: { accepted: [], caseless: false } } : rule;
      }),
    ],
  };
}

/** `LossScaleOptimizer` of keras/src/optimizers/loss_scale_optimizer.py, from 3.12 on: what it takes of others is their default alone. */
function lossScaleOptimizer(symbol: BuiltinSymbol): ConstructorRules | undefined {
  const optimizer = baseRules(symbol, "Optimizer") ?? baseRules(symbol, "BaseOptimizer");
  const attribute = (type: string, forms: readonly ValueForm[]): ValueRule => ({
    argument: "inner_optimizer",
    forms,
    ...(type === "str" ? { strings: { accepted: [], caseless: false } } : {}),
    refusal: { exception: "AttributeError", text: `'${type}' object has no attribute 'loss_scale_factor'` },
  });
  return {
    accepts: [...namesOf(symbol), ...Object.keys(OPTIMIZER_DEFAULTS), "dynamic"],
    unknown: { exception: "ValueError", text: "LossScaleOptimizer does not support arguments: `{*}`." },
    missing: { inner_optimizer: keyError("inner_optimizer") },
    values: [
      ...(optimizer?.values.filter(({ argument }) => argument === "name") ?? []),
      ...Object.entries(OPTIMIZER_DEFAULTS).flatMap(([argument, { kept, numbers }]): ValueRule[] => {
        const forms = ALL.filter((form) => !kept.includes(form));
        const text = `LossScaleOptimizer does not support \`${argument}\`. Instead, set \`${argument}\` on the \`inner_optimizer\`.`;
        const refusal = { exception: "ValueError", text };
        const strings = { accepted: [], caseless: false };
        return [
          { argument, forms, ...(numbers ? { numbers } : {}), refusal },
          { argument, forms: ["string"], strings, refusal },
        ];
      }),
      attribute("NoneType", ["null"]),
      attribute("bool", BOOLEANS),
      attribute("int", INTEGERS),
      attribute("float", FLOATS),
      attribute("str", ["string"]),
    ],
  };
}

/** `Distiller` of keras/src/distillation/distiller.py (from 3.12), whose `from_config` goes through the losses. */
function distiller(symbol: BuiltinSymbol): ConstructorRules {
  const losses = "distillation_losses";
  const weight = "student_loss_weight";
  const types = [
    ["NoneType", ["null"]],
    ["bool", BOOLEANS],
    ["int", INTEGERS],
    ["float", FLOATS],
  ] as const;
  const noNumber = { exception: "ValueError", text: `${weight} must be a number, got {${weight}!t}` };
  return {
    accepts: [],
    missing: { teacher: keyError("teacher"), student: keyError("student"), [losses]: keyError(losses) },
    values: [
      ...(baseRules(symbol, "Layer")?.values.filter(({ argument }) => argument === "name") ?? []),
      ...["Teacher", "Student"].flatMap((who): ValueRule[] => {
        const argument = who.toLowerCase();
        const refusal = { exception: "ValueError", text: `${who} must be a keras.Model, got {${argument}!t}` };
        return [
          { argument, forms: ["null", ...BOOLEANS, ...INTEGERS, ...FLOATS, ...LISTS], refusal },
          { argument, forms: ["string"], strings: { accepted: [], caseless: false }, refusal },
        ];
      }),
      ...types.map(([type, forms]): ValueRule => {
        const refusal = { exception: "TypeError", text: `'${type}' object is not iterable` };
        return { argument: losses, forms, refusal };
      }),
      {
        argument: losses,
        forms: ["string"],
        strings: { accepted: [""], caseless: false },
        refusal: { exception: "AttributeError", text: "'str' object has no attribute 'validate_model_compatibility'" },
      },
      { argument: weight, forms: ["null", ...LISTS, "dict"], refusal: noNumber },
      { argument: weight, forms: ["string"], strings: { accepted: [], caseless: false }, refusal: noNumber },
      {
        argument: weight,
        forms: ["negative integer", "negative float", "greater integer", "greater float"],
        refusal: { exception: "ValueError", text: `${weight} must be between 0.0 and 1.0, got {${weight}}` },
      },
    ],
  };
}

/** Which values of other optimizers' arguments a LossScaleOptimizer lets pass. */
const OPTIMIZER_DEFAULTS: Readonly<
  Record<string, { readonly kept: readonly ValueForm[]; readonly numbers?: readonly number[] }>
> = {
  ...Object.fromEntries(
    [
      ...["weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "ema_overwrite_frequency"],
      ...["loss_scale_factor", "gradient_accumulation_steps"],
    ].map((name) => [name, { kept: ["null"] as const }]),
  ),
  use_ema: { kept: ["false", "zero", "zero float"] },
  ema_momentum: { kept: [], numbers: [0.99] },
};

/** `TFSMLayer` of keras/src/export (from 3.1), whose arguments Python binds before it asks for TensorFlow. */
function tfsmLayer(symbol: BuiltinSymbol): ConstructorRules {
  const said = "TFSMLayer.__init__()";
  return {
    accepts: namesOf(symbol),
    unknown: { exception: "TypeError", text: `${said} got an unexpected keyword argument 'no_such_keyword'` },
    missing: {
      filepath: { exception: "TypeError", text: `${said} missing 1 required positional argument: 'filepath'` },
    },
    values: [],
  };
}

/** Rules of which the lack of arguments alone is known. */
function openRules(missing: Readonly<Record<string, MissingRule>>): ConstructorRules {
  return { accepts: [], missing, values: [] };
}

/** `validate_string_arg` of keras/src/utils/argument_validation.py. */
function oneOf(
  symbol: BuiltinSymbol,
  argument: string,
  allowed: readonly string[],
  forms: readonly ValueForm[],
  renamed: readonly string[] = [],
): ValueRule[] {
  const unknown = isBefore31(symbol) ? "Unkown" : "Unknown";
  const list = allowed.map((one) => `'${one}'`).join(", ");
  const text = `${unknown} value for \`${argument}\` argument of {}. Allowed values are: (${list}). Received: ${argument}={${argument}}`;
  const refusal = { exception: "ValueError", text };
  return [
    { argument, forms, refusal },
    { argument, forms: ["string"], strings: { accepted: [...allowed, ...renamed], caseless: false }, refusal },
  ];
}

function keyError(key: string): MissingRule {
  return { exception: "KeyError", text: `'${key}'` };
}

function namesOf({ parameters }: BuiltinSymbol): string[] {
  return parameters.map(({ name }) => name);
}

function baseRules({ mro }: BuiltinSymbol, name: string): ConstructorRules | undefined {
  return mro.find(({ qualname }) => qualname === name)?.constructorRules;
}

/** Whether a layer is one of 3.0, whose backends share the layer of JAX. */
function isBefore31({ mro }: BuiltinSymbol): boolean {
  return mro.some(({ module }) => module === "keras.src.backend.jax.layer");
}
