class ops:
    """The operations that Keras 3 calls `keras.ops`, for Keras 2 as well."""

    cast = staticmethod(tf.cast)
    take = staticmethod(lambda x, indices, axis: tf.gather(x, indices, axis=axis))
    pad = staticmethod(lambda x, pads, mode: tf.pad(x, pads, mode))
    transpose = staticmethod(lambda x, axes: tf.transpose(x, axes))
    convert_to_tensor = staticmethod(tf.convert_to_tensor)
    expand_dims = staticmethod(tf.expand_dims)
    squeeze = staticmethod(lambda x, axis: tf.squeeze(x, [axis]))
    arange = staticmethod(tf.range)
    shape = staticmethod(tf.shape)
    abs = staticmethod(tf.abs)
    minimum = staticmethod(tf.minimum)
    maximum = staticmethod(tf.maximum)
    where = staticmethod(tf.where)
    max_pool = staticmethod(lambda x, size, strides, padding: tf.nn.max_pool(x, size, strides, padding.upper()))
    average_pool = staticmethod(lambda x, size, strides, padding: tf.nn.avg_pool(x, size, strides, padding.upper()))

    @staticmethod
    def depthwise_conv(x, kernel, strides, padding):
        return tf.nn.depthwise_conv2d(x, kernel, [1, strides, strides, 1], padding.upper())
