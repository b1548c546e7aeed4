import type { Platform } from "./platform";
import { SetupError } from "./setup-error";

/** A wheel of the Python package index, pinned to the byte. */
export interface Wheel {
  /** Name and version as pip takes them. */
  readonly requirement: string;
  /** pip's --platform. */
  readonly platformTag: string;
  readonly file: string;
  /** Bytes of the wheel. */
  readonly size: number;
  readonly sha256: string;
  /** Bytes of what is unpacked from it. */
  readonly unpacked: number;
}

/** cpu: TensorFlow alone; gpu: TensorFlow for CUDA and the NVIDIA libraries it opens. */
export type Variant = "cpu" | "gpu";

/** What set-up downloads for one platform and variant. */
export interface Release {
  readonly version: string;
  readonly platform: Platform;
  readonly variant: Variant;
  /** TensorFlow's own wheel. */
  readonly tensorflow: Wheel;
  /** The CUDA libraries' wheels; empty for the CPU. */
  readonly nvidia: readonly Wheel[];
}

/** The TensorFlow that is set up. */
export const TENSORFLOW_VERSION = "2.21.0";

/** Names, sizes and hashes as the package index gives them for 2.21.0. */
const TENSORFLOW: Record<Platform, Record<Variant, Wheel | null>> = {
  "linux-x64": {
    cpu: {
      requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
      platformTag: "manylinux_2_27_x86_64",
      file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
      size: 273_829_956,
      sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
      unpacked: 853_468_000,
    },
    gpu: {
      requirement: `tensorflow==${TENSORFLOW_VERSION}`,
      platformTag: "manylinux_2_27_x86_64",
      file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
      size: 572_440_367,
      sha256: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
      unpacked: 1_259_180_000,
    },
  },
  "linux-arm64": {
    cpu: {
      requirement: `tensorflow==${TENSORFLOW_VERSION}`,
      platformTag: "manylinux_2_27_aarch64",
      file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl",
      size: 281_828_020,
      sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
      unpacked: 883_220_000,
    },
    gpu: null,
  },
  "darwin-arm64": {
    cpu: {
      requirement: `tensorflow==${TENSORFLOW_VERSION}`,
      platformTag: "macosx_12_0_arm64",
      file: "tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
      size: 223_405_849,
      sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
      unpacked: 740_964_000,
    },
    gpu: null,
  },
};

/**
 * What `tensorflow[and-cuda]==2.21.0` resolves to, less what training on one GPU never opens (nccl, cupti, curand).
 * nvcc's wheel is there for ptxas and libdevice, which XLA calls.
 */
const NVIDIA: readonly Wheel[] = [
  {
    requirement: "nvidia-cublas-cu12==12.9.3.13",
    platformTag: "manylinux_2_27_x86_64",
    file: "nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl",
    size: 581_217_458,
    sha256: "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
    unpacked: 855_065_000,
  },
  {
    requirement: "nvidia-cuda-runtime-cu12==12.9.79",
    platformTag: "manylinux2014_x86_64",
    file: "nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    size: 3_493_179,
    sha256: "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
    unpacked: 742_000,
  },
  {
    requirement: "nvidia-cudnn-cu12==9.28.0.42",
    platformTag: "manylinux_2_27_x86_64",
    file: "nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl",
    size: 716_538_495,
    sha256: "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
    unpacked: 1_162_394_000,
  },
  {
    requirement: "nvidia-cufft-cu12==11.4.1.4",
    platformTag: "manylinux2014_x86_64",
    file: "nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    size: 200_877_592,
    sha256: "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
    unpacked: 293_610_000,
  },
  {
    requirement: "nvidia-cusolver-cu12==11.7.5.82",
    platformTag: "manylinux_2_27_x86_64",
    file: "nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl",
    size: 338_117_415,
    sha256: "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
    unpacked: 494_976_000,
  },
  {
    requirement: "nvidia-cusparse-cu12==12.5.10.65",
    platformTag: "manylinux2014_x86_64",
    file: "nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    size: 366_465_088,
    sha256: "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
    unpacked: 486_557_000,
  },
  {
    requirement: "nvidia-nvjitlink-cu12==12.9.86",
    platformTag: "manylinux2010_x86_64",
    file: "nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
    size: 39_748_338,
    sha256: "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
    unpacked: 95_936_000,
  },
  {
    requirement: "nvidia-cuda-nvrtc-cu12==12.9.86",
    platformTag: "manylinux2010_x86_64",
    file: "nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
    size: 89_568_129,
    sha256: "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
    unpacked: 227_341_000,
  },
  {
    requirement: "nvidia-cuda-nvcc-cu12==12.9.86",
    platformTag: "manylinux2010_x86_64",
    file: "nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
    size: 40_546_229,
    sha256: "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
    unpacked: 98_015_000,
  },
];

/**
 * The wheels that gradamp's TensorFlow comes from.
 *
 * @throws {SetupError} for a GPU where there is no wheel for one
 */
export function releaseFor(platform: Platform, variant: Variant): Release {
  const tensorflow = TENSORFLOW[platform][variant];
  if (!tensorflow)
    throw new SetupError(
      `TensorFlow ${TENSORFLOW_VERSION} has no wheel with CUDA for ${platform}`,
      "Run `gradamp setup` without --gpu, or use a Linux machine with an x86-64 processor and an NVIDIA card",
    );
  return { version: TENSORFLOW_VERSION, platform, variant, tensorflow, nvidia: variant === "gpu" ? NVIDIA : [] };
}

/** Every wheel of a release, TensorFlow's first. */
export const wheelsOf = (release: Release): readonly Wheel[] => [release.tensorflow, ...release.nvidia];

/** Bytes to download. */
export const downloadSize = (release: Release): number =>
  wheelsOf(release).reduce((total, wheel) => total + wheel.size, 0);
