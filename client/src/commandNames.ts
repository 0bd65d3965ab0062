/** The commands that the manifest contributes, without their prefix `kerasConfig.`. */
export const contributedCommands = [
  "goToRegisteredObject",
  "checkWorkspace",
  "openFormatted",
  "selectKerasVersion",
  "restartServer",
  "showOutput",
] as const;

/** The commands that only quick fixes and links of this extension run; not contributed, they are in no palette. */
export const internalCommands = ["ignoreName", "showRule"] as const;

export type CommandName = (typeof contributedCommands)[number] | (typeof internalCommands)[number];
