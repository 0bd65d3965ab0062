/** The releases from which on something of Keras 3 is done otherwise with shapes. */
export type ShapeBound =
  | "3.0.2"
  | "3.1.0"
  | "3.2.0"
  | "3.3.0"
  | "3.5.0"
  | "3.6.0"
  | "3.7.0"
  | "3.11.0"
  | "3.12.0"
  | "3.13.0"
  | "3.14.0"
  | "3.15.0";

/** What a release does with shapes: which package it is, and of which bounds it is on the newer side. */
export interface ShapeRelease {
  readonly package: "keras" | "tf_keras";
  /** Each is asked by itself, so that releases which differ in nothing that a model has are one. */
  readonly shapes: Readonly<Record<ShapeBound, boolean>>;
}
