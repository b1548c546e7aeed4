/** A file of a data set. */
export interface CifarFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Images and labels in one of CIFAR's binary files. */
export interface CifarRecords extends CifarFile {
  readonly records: number;
}

/** One of the two CIFAR sets, as its authors publish it. */
export interface CifarLayout {
  readonly name: "cifar-10" | "cifar-100";
  /** Folder in which the archive unpacks, below the data folder. */
  readonly folder: string;
  /** The authors' own address of the archive. */
  readonly url: string;
  /** Name and MD5 of the archive. */
  readonly archive: { readonly name: string; readonly md5: string };
  readonly train: readonly CifarRecords[];
  readonly test: readonly CifarRecords[];
  /** Label bytes at the start of a record, in order: how many classes each tells apart, and the file of their names. */
  readonly labels: readonly { readonly kind: "fine" | "coarse"; readonly classes: number; readonly names: CifarFile }[];
}

const records = (name: string, count: number, labelBytes: number, sha256: string): CifarRecords => ({
  name,
  records: count,
  size: count * (labelBytes + 3072),
  sha256,
});

/** CIFAR-10: five files of 10,000 training images and one of 10,000 test images. */
export const CIFAR10: CifarLayout = {
  name: "cifar-10",
  folder: "cifar-10-batches-bin",
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  archive: { name: "cifar-10-binary.tar.gz", md5: "c32a1d4ab5d03f1284b67883e8d87530" },
  train: [
    "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
  ].map((sha256, i) => records(`data_batch_${i + 1}.bin`, 10_000, 1, sha256)),
  test: [records("test_batch.bin", 10_000, 1, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")],
  labels: [
    {
      kind: "fine",
      classes: 10,
      names: {
        name: "batches.meta.txt",
        size: 61,
        sha256: "558e74b5e208382e186da55784b4bac2cd52e558448e1b5800990fdb28ed8033",
      },
    },
  ],
};

/** CIFAR-100: one file of 50,000 training images and one of 10,000 test images, with 20 coarse and 100 fine labels. */
export const CIFAR100: CifarLayout = {
  name: "cifar-100",
  folder: "cifar-100-binary",
  url: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
  archive: { name: "cifar-100-binary.tar.gz", md5: "03b5dce01913d631647c71ecec9e9cb8" },
  train: [records("train.bin", 50_000, 2, "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29")],
  test: [records("test.bin", 10_000, 2, "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a")],
  labels: [
    {
      kind: "coarse",
      classes: 20,
      names: {
        name: "coarse_label_names.txt",
        size: 328,
        sha256: "14e28b5b70e3d8a29704b0d9f8c5985cca5f3c3d08ea043dcc87a036df37a2b3",
      },
    },
    {
      kind: "fine",
      classes: 100,
      names: {
        name: "fine_label_names.txt",
        size: 725,
        sha256: "4a53f81a8af29bb6aa646bfe2c455db1b061edfde82a39c0cfc313ef536c681b",
      },
    },
  ],
};

/** All files of a set that gradamp reads. */
export function cifarFiles(layout: CifarLayout): readonly CifarFile[] {
  return [...layout.train, ...layout.test, ...layout.labels.map(({ names }) => names)];
}
