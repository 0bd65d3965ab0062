/** The Python packages that Keras is shipped as: what of them the tool depends on. */
export interface KerasPackage {
  /** Its name as Python imports it, which is also the folder in a wheel. */
  readonly name: "keras" | "tf_keras";
  /** The name of the distribution, as its `.dist-info` folder spells it. */
  readonly distribution: string;
  /** Which versions are this package's. */
  readonly version: RegExp;
  /** The files in `server/data` that its releases are written to, without `.txt.gz`. */
  readonly data: { readonly catalogue: string; readonly documentation: string };
}

export const keras3: KerasPackage = {
  name: "keras",
  distribution: "keras",
  version: /^3\.\d+\.\d+$/,
  data: { catalogue: "catalogue", documentation: "documentation" },
};

/** Keras 2 as it goes on beside Keras 3. Kept apart: none of its modules has the name of one of Keras 3. */
export const keras2: KerasPackage = {
  name: "tf_keras",
  distribution: "tf_keras",
  version: /^2\.\d+\.\d+$/,
  data: { catalogue: "catalogue-keras2", documentation: "documentation-keras2" },
};
