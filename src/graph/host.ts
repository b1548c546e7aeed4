/** The device whose memory both JavaScript and a loop's condition look at. */
export const HOST = "/device:CPU:0";
