/** The code of `lambda x: x` as `func_dump` of Keras writes it, by Python 3.11. */
export const lambdaCode =
  "4wEAAAAAAAAAAAAAAAEAAAADAAAA8wYAAACXAHwAUwApAU6pACkB2gF4cwEAAAAg+gc8c3RkaW4+\n+gg8bGFtYmRhPnIFAAAAAgAAAHMGAAAAgACIQYAA8wAAAAA=\n";
