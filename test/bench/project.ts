import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LAYERS = `import keras


@keras.saving.register_keras_serializable(package="my_pkg")
class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, note=None, inner=None, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return x * self.factor


@keras.saving.register_keras_serializable(package="my_pkg")
def swishy(x):
    return x * keras.ops.sigmoid(x)


@keras.saving.register_keras_serializable(package="my_pkg")
def my_loss(y_true, y_pred):
    return keras.ops.mean(y_true - y_pred)
`;

/** Writes a project that registers what the generated configs use, and pins Keras. Returns its folder. */
export function writeProject(scratch: string): string {
  const project = join(scratch, "project");
  mkdirSync(join(project, "my_package"), { recursive: true });
  writeFileSync(join(project, "pyproject.toml"), '[project]\nname = "bench"\ndependencies = ["keras==3.8.0"]\n');
  writeFileSync(join(project, "my_package/__init__.py"), "");
  writeFileSync(join(project, "my_package/layers.py"), LAYERS);
  return project;
}
