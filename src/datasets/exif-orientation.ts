/**
 * How a JPEG or PNG image lies in its file, as the EXIF tag Orientation says: 1 upright, 6 to be turned by 90° clockwise, and
 * so on to 8; 1 where the file does not say, or says nonsense.
 *
 * Source: CIPA DC-008 (Exif 2.32), 4.6.4 A, tag 0x0112; in JPEG in the segment APP1, in PNG in the chunk eXIf.
 */
export function exifOrientation(content: Uint8Array): number {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  try {
    const tiff = content[0] === 0xff ? inJpeg(view) : inPng(view);
    return tiff === null ? 1 : orientationAt(view, tiff);
  } catch (error) {
    // Lengths that lead out of the file.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** Where the TIFF data of a JPEG file begin; null where there are none. */
function inJpeg(view: DataView): number | null {
  const EXIF = 0x45786966;
  for (let at = 2; at + 4 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    // The image itself begins, and nothing is said behind it.
    if (marker === 0xda || marker === 0xd9) return null;
    if (marker === 0xe1 && view.getUint32(at + 4) === EXIF && view.getUint16(at + 8) === 0) return at + 10;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** The same of a PNG file. */
function inPng(view: DataView): number | null {
  const [EXIF, END] = [0x65584966, 0x49454e44];
  for (let at = 8; at + 8 <= view.byteLength;) {
    const kind = view.getUint32(at + 4);
    if (kind === EXIF) return at + 8;
    if (kind === END) return null;
    at += 12 + view.getUint32(at);
  }
  return null;
}

/** The tag in the first directory of TIFF data. */
function orientationAt(view: DataView, tiff: number): number {
  const order = view.getUint16(tiff);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + 12 * entry;
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
