/** The releases that differ in what they do with shapes, each standing for those before it that do the same. */
export type ShapeRelease =
  | "3.15"
  | "3.14"
  | "3.13"
  | "3.12"
  | "3.11"
  | "3.10"
  | "3.6"
  | "3.5"
  | "3.4"
  | "3.2"
  | "3.1"
  | "3.0"
  | "3.0.1"
  | "2.21"
  | "2.15";
