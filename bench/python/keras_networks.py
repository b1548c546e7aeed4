"""The benchmark's networks in Keras 3, layer by layer those of gradamp: batch norm and leaky ReLU with PyTorch's settings,
stride 2 with symmetric padding."""

from keras import Input, Model, layers


def conv(x, filters, kernel=3, stride=1, bias=False):
    if kernel == 3 and stride == 2:
        x = layers.ZeroPadding2D(1)(x)
    padding = "same" if stride == 1 else "valid"
    return layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=bias)(x)


def bn(x):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def logits(x, classes):
    # Logits in float32 under mixed precision, as Keras's guide has it.
    return layers.Dense(classes, dtype="float32")(x)


def constant_width(blocks, classes, width=32, batch_norm=False, residual=False):
    def conv_norm(x, bias, norm):
        x = conv(x, width, bias=bias)
        return bn(x) if norm else x

    def leaky(x):
        return layers.LeakyReLU(negative_slope=0.01)(x)

    start = Input((32, 32, 3))
    x = leaky(conv_norm(start, False, True))
    for _ in range(3):
        for _ in range(blocks):
            y = conv_norm(leaky(conv_norm(x, False, batch_norm)), False, batch_norm)
            x = leaky(layers.Add()([y, x]) if residual else y)
        x = layers.AveragePooling2D(2)(leaky(conv_norm(x, True, batch_norm)))
        x = leaky(conv_norm(x, True, batch_norm))
    return Model(start, logits(layers.GlobalAveragePooling2D()(x), classes))


def vgg19(classes, width=64):
    start = x = Input((32, 32, 3))
    for count, channels in ((2, 1), (2, 2), (4, 4), (4, 8), (4, 8)):
        for _ in range(count):
            x = layers.ReLU()(bn(conv(x, channels * width, bias=True)))
        x = layers.MaxPooling2D(2)(x)
    return Model(start, logits(layers.Flatten()(x), classes))


def resnet(bottleneck, blocks, classes, width=64):
    start = Input((32, 32, 3))
    x = layers.ReLU()(bn(conv(start, width)))
    for stage, count in enumerate(blocks):
        for j in range(count):
            channels, stride = width * 2**stage, 2 if stage > 0 and j == 0 else 1
            path = [(channels, 3, stride), (channels, 3, 1)]
            if bottleneck:
                path = [(channels, 1, 1), (channels, 3, stride), (4 * channels, 1, 1)]
            y = x
            for k, (filters, kernel, step) in enumerate(path):
                y = bn(conv(y, filters, kernel, step))
                if k < len(path) - 1:
                    y = layers.ReLU()(y)
            if stride == 2 or x.shape[-1] != path[-1][0]:
                x = bn(conv(x, path[-1][0], 1, stride))
            x = layers.ReLU()(layers.Add()([y, x]))
    return Model(start, logits(layers.GlobalAveragePooling2D()(x), classes))


NETWORKS = {
    "vgg08": lambda **o: constant_width(0, **o),
    "vgg38": lambda **o: constant_width(5, **o),
    "vgg38-bn": lambda **o: constant_width(5, batch_norm=True, **o),
    "vgg38-bn-rc": lambda **o: constant_width(5, batch_norm=True, residual=True, **o),
    "vgg19": vgg19,
    "resnet18": lambda **o: resnet(False, [2, 2, 2, 2], **o),
    "resnet50": lambda **o: resnet(True, [3, 4, 6, 3], **o),
}
