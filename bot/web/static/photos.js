// Owns making pictures small before they cross a slow network. Drawing them anew also drops where they were taken.

const SIDE_AT_MOST = 1600;
const THUMB_SIDE = 240;

/** The picture as a JPEG of at most 1600 pixels a side; any other file, or one that cannot be drawn, as it is. */
export async function shrink(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const canvas = await drawn(file, SIDE_AT_MOST);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    return blob ?? file;
  } catch {
    return file;
  }
}

/** A tiny copy to show in the conversation, as a data URL; null where there is nothing to see. */
export async function thumb(file) {
  if (!file.type.startsWith("image/")) return null;
  try {
    return (await drawn(file, THUMB_SIDE)).toDataURL("image/jpeg", 0.6);
  } catch {
    return null;
  }
}

async function drawn(file, side) {
  const picture = await decoded(file);
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close?.();
  return canvas;
}

async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return await loaded(file);
  }
}

function loaded(file) {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => (URL.revokeObjectURL(url), resolve(image));
    image.onerror = () => (URL.revokeObjectURL(url), reject(new Error("not a picture")));
    image.src = url;
  });
}
