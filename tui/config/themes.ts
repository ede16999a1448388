// The themes of the screen that come along.

/** Their names. `contrast` says all with the terminal's own 16 colours and with bold and inverse. */
export const themeNames = ["dark", "light", "contrast"] as const;
