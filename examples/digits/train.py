#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains and quantizes the digits example. One-off: its results are committed, no user needs to run it.

train.py           trains, writes digits.tflite, images.bin, labels.bin, expected.bin beside itself
train.py --check   trains nothing: recomputes expected.bin from the committed model and images, compares

Needs python3-numpy, and python3-sklearn to train (its 8x8 digits data set). Seeded and single threaded: two runs
on one machine give the same bytes; another BLAS or processor may round differently and give other weights.

Order of this file: float network and training, quantization, .tflite writer, .tflite reader,
integer reference (TFLite int8 kernels, rounding mode `tflite`), main.
"""
import argparse
import hashlib
import math
import os
import pathlib
import struct
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: sums in a fixed order

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SEED = 1
TEST_IMAGES = 360
EPOCHS = 90
BATCH = 64
LEARNING_RATE = 1e-2
WEIGHT_DECAY = 1e-4
LABEL_SMOOTHING = 0.05
SHIFTED = 0.5  # share of the training images that are moved

# Model input of pixel value v (0..16): int8 15*v - 128, real (15*v - 60)/120.
INPUT_SCALE = np.float32(1.0 / 120.0)
INPUT_ZERO = -68


def pixels_to_int8(v):
    return (15 * v.astype(np.int64) - 128).astype(np.int8)


def int8_to_real(q):
    return (q.astype(np.float32) - INPUT_ZERO) * INPUT_SCALE


# ---------------------------------------------------------------------------------------------------------------
# Float network. Activations are [N][H][W][C], float32. forward() keeps what backward() needs.

class Conv:
    """SAME convolution, stride 1, ReLU. w is [KH][KW][IC][OC]."""

    def __init__(self, rng, k, ic, oc):
        self.w = rng.normal(0, math.sqrt(2 / (k * k * ic)), (k, k, ic, oc)).astype(np.float32)
        self.b = np.zeros(oc, np.float32)

    def forward(self, x):
        k, _, ic, oc = self.w.shape
        p = k // 2
        self.shape = x.shape
        xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        win = np.lib.stride_tricks.sliding_window_view(xp, (k, k), axis=(1, 2))  # [N][H][W][C][KH][KW]
        self.cols = win.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * k * ic)
        y = self.cols @ self.w.reshape(-1, oc) + self.b
        self.y = np.maximum(y, 0).reshape(*x.shape[:3], oc)
        return self.y

    def backward(self, dy):
        k, _, ic, oc = self.w.shape
        p = k // 2
        n, h, w, _ = self.shape
        dy = (dy * (self.y > 0)).reshape(-1, oc)
        self.dw = (self.cols.T @ dy).reshape(self.w.shape)
        self.db = dy.sum(axis=0)
        dcols = (dy @ self.w.reshape(-1, oc).T).reshape(n, h, w, k, k, ic)
        dx = np.zeros((n, h + 2 * p, w + 2 * p, ic), np.float32)
        for i in range(k):
            for j in range(k):
                dx[:, i:i + h, j:j + w] += dcols[:, :, :, i, j]
        return dx[:, p:p + h, p:p + w]


class Depthwise:
    """SAME 3x3 depthwise convolution, stride 1, ReLU. w is [3][3][C]."""

    def __init__(self, rng, c):
        self.w = rng.normal(0, math.sqrt(2 / 9), (3, 3, c)).astype(np.float32)
        self.b = np.zeros(c, np.float32)

    def forward(self, x):
        _, h, w, _ = x.shape
        self.xp = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        y = np.zeros(x.shape, np.float32) + self.b
        for i in range(3):
            for j in range(3):
                y += self.xp[:, i:i + h, j:j + w] * self.w[i, j]
        self.y = np.maximum(y, 0)
        return self.y

    def backward(self, dy):
        _, h, w, _ = dy.shape
        dy = dy * (self.y > 0)
        self.dw = np.empty_like(self.w)
        self.db = dy.sum(axis=(0, 1, 2))
        dx = np.zeros_like(self.xp)
        for i in range(3):
            for j in range(3):
                self.dw[i, j] = (self.xp[:, i:i + h, j:j + w] * dy).sum(axis=(0, 1, 2))
                dx[:, i:i + h, j:j + w] += dy * self.w[i, j]
        return dx[:, 1:1 + h, 1:1 + w]


class Dense:
    """Fully connected, no activation. w is [IC][OC]."""

    def __init__(self, rng, ic, oc):
        self.w = rng.normal(0, math.sqrt(1 / ic), (ic, oc)).astype(np.float32)
        self.b = np.zeros(oc, np.float32)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dy):
        self.dw = self.x.T @ dy
        self.db = dy.sum(axis=0)
        return dy @ self.w.T


class MaxPool:
    """2x2, stride 2."""

    def forward(self, x):
        n, h, w, c = x.shape
        self.x = x.reshape(n, h // 2, 2, w // 2, 2, c)
        self.y = self.x.max(axis=(2, 4))
        return self.y

    def backward(self, dy):
        hit = self.x == self.y[:, :, None, :, None]
        dx = hit * dy[:, :, None, :, None] / hit.sum(axis=(2, 4), keepdims=True)
        n, h, _, w, _, c = self.x.shape
        return dx.reshape(n, 2 * h, 2 * w, c).astype(np.float32)


class Network:
    def __init__(self, rng):
        self.conv1 = Conv(rng, 3, 1, 16)
        self.dw = Depthwise(rng, 16)
        self.pw = Conv(rng, 1, 16, 32)
        self.pool = MaxPool()
        self.conv2 = Conv(rng, 3, 32, 32)
        self.fc = Dense(rng, 32, 10)
        self.trained = [self.conv1, self.dw, self.pw, self.conv2, self.fc]

    def forward(self, x):
        """Returns every activation tensor by name."""
        t = {"input": x}
        t["conv1"] = self.conv1.forward(x)
        t["dw"] = self.dw.forward(t["conv1"])
        t["pw"] = self.pw.forward(t["dw"])
        t["maxpool"] = self.pool.forward(t["pw"])
        t["conv2"] = self.conv2.forward(t["maxpool"])
        t["add"] = t["conv2"] + t["maxpool"]  # both >= 0: its ReLU does nothing here
        t["avgpool"] = t["add"].mean(axis=(1, 2))
        t["logits"] = self.fc.forward(t["avgpool"])
        return t

    def backward(self, dlogits):
        dadd = np.repeat(self.fc.backward(dlogits)[:, None, None] / 16, 4, axis=1)
        dadd = np.repeat(dadd, 4, axis=2)
        d = dadd + self.conv2.backward(dadd)
        self.conv1.backward(self.dw.backward(self.pw.backward(self.pool.backward(d))))


def softmax_gradient(logits, labels):
    """Gradient of the mean smoothed cross entropy."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    target = np.full_like(e, LABEL_SMOOTHING / 10)
    target[np.arange(len(labels)), labels] += 1 - LABEL_SMOOTHING
    return (e / e.sum(axis=1, keepdims=True) - target) / np.float32(len(labels))


def shift_images(rng, x, fill):
    """A share of the images is moved by -1, 0 or 1 pixel along each axis."""
    xp = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=fill)
    moves = rng.integers(0, 3, (len(x), 2))
    out = x.copy()
    for n in np.flatnonzero(rng.random(len(x)) < SHIFTED):
        i, j = moves[n]
        out[n] = xp[n, i:i + 8, j:j + 8]
    return out


class Adam:
    def __init__(self, layers):
        self.layers = layers
        self.step = 0
        self.m = [[np.zeros_like(l.w), np.zeros_like(l.b)] for l in layers]
        self.v = [[np.zeros_like(l.w), np.zeros_like(l.b)] for l in layers]

    def update(self, rate):
        self.step += 1
        for l, m, v in zip(self.layers, self.m, self.v):
            for k, (p, g) in enumerate(((l.w, l.dw), (l.b, l.db))):
                m[k] += 0.1 * (g - m[k])
                v[k] += 0.001 * (g * g - v[k])
                mh = m[k] / (1 - 0.9 ** self.step)
                vh = v[k] / (1 - 0.999 ** self.step)
                p -= (rate * (mh / (np.sqrt(vh) + 1e-8) + WEIGHT_DECAY * p)).astype(np.float32)


def train(x, labels):
    rng = np.random.default_rng(SEED)
    net = Network(rng)
    adam = Adam(net.trained)
    steps = EPOCHS * math.ceil(len(x) / BATCH)
    background = x.min()
    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        right = 0
        for at in range(0, len(x), BATCH):
            pick = order[at:at + BATCH]
            logits = net.forward(shift_images(rng, x[pick], background))["logits"]
            right += int((logits.argmax(axis=1) == labels[pick]).sum())
            net.backward(softmax_gradient(logits, labels[pick]))
            adam.update(LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * adam.step / steps)))
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1:3d}: {100 * right / len(x):.2f} % of the training images right")
    return net


# ---------------------------------------------------------------------------------------------------------------
# Quantization after training: activations asymmetric per tensor, weights symmetric (zero point 0).

def activation_quantization(values):
    """(scale, zero point) of the range seen in calibration, widened to hold 0."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    scale = np.float32((high - low) / 255)
    return scale, int(round(-128 - low / float(scale)))


def quantize_weights(w, axis):
    """w int8 and float32 scales: per index of `axis`, or one for the tensor when axis is None."""
    others = tuple(i for i in range(w.ndim) if i != axis)
    top = np.abs(w).max(axis=others if axis is not None else None, keepdims=True)
    scale = (np.maximum(top, 1e-6) / 127).astype(np.float32)
    q = np.clip(np.rint(w.astype(np.float64) / scale.astype(np.float64)), -127, 127)
    return q.astype(np.int8), scale.reshape(-1)


def quantize_bias(b, input_scale, weight_scales):
    scale = np.float64(input_scale) * weight_scales.astype(np.float64)
    q = np.rint(b.astype(np.float64) / scale)
    assert np.abs(q).max() < 2 ** 31
    return q.astype(np.int32), scale.astype(np.float32)


# ---------------------------------------------------------------------------------------------------------------
# .tflite writer. A flatbuffer is laid out front to back: a table, then what it refers to, so that every
# reference points forward; each vtable stands just before its table.

INT32, INT8 = 2, 9                                    # TensorType
ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D = 0, 1, 3, 4   # BuiltinOperator
FULLY_CONNECTED, MAX_POOL_2D, RESHAPE, SOFTMAX = 9, 17, 22, 25
OPTIONS = {  # operator: (member of union BuiltinOptions, version of the int8 kernel)
    ADD: (11, 2), AVERAGE_POOL_2D: (5, 2), CONV_2D: (1, 3), DEPTHWISE_CONV_2D: (2, 3),
    FULLY_CONNECTED: (8, 4), MAX_POOL_2D: (5, 2), RESHAPE: (17, 1), SOFTMAX: (9, 2),
}
PADDING_SAME, PADDING_VALID = 0, 1
ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_RELU6 = 0, 1, 3


class Table:
    """fields: {slot: value}. A value is (struct format, number), a Table, bytes-like data or a list of Tables."""

    def __init__(self, fields):
        self.fields = fields


class Data:
    """A vector of scalars, or a string."""

    def __init__(self, array, align=4, string=False):
        a = np.asarray(array)
        self.count = a.size
        self.raw = a.astype(a.dtype.newbyteorder("<")).tobytes() + (b"\0" if string else b"")
        self.align = max(align, a.dtype.itemsize)


def text(s):
    return Data(np.frombuffer(s.encode("ascii"), np.uint8), string=True)


def ints(*values):
    return Data(np.array(values, np.int32))


class Writer:
    def __init__(self):
        self.out = bytearray()

    def align(self, n, ahead=0):
        """Zeros until the position `ahead` bytes from here is a multiple of n."""
        self.out += bytes(-(len(self.out) + ahead) % n)

    def refer(self, at, obj):
        """Writes obj and points the 32-bit reference at `at` to it."""
        struct.pack_into("<I", self.out, at, self.write(obj) - at)

    def write(self, obj):
        """Returns obj's position."""
        if isinstance(obj, Table):
            return self.write_table(obj)
        if isinstance(obj, list):
            return self.write_tables(obj)
        self.align(4)
        self.align(obj.align, ahead=4)
        at = len(self.out)
        self.out += struct.pack("<I", obj.count) + obj.raw
        return at

    def write_tables(self, tables):
        self.align(4)
        at = len(self.out)
        self.out += struct.pack("<I", len(tables)) + bytes(4 * len(tables))
        for i, t in enumerate(tables):
            self.refer(at + 4 + 4 * i, t)
        return at

    def write_table(self, table):
        slots = max(table.fields, default=-1) + 1
        vtable = [0] * slots
        body, references = bytearray(4), []
        for slot, value in sorted(table.fields.items()):
            form, number = value if isinstance(value, tuple) else ("I", 0)
            body += bytes(-len(body) % struct.calcsize(form))
            vtable[slot] = len(body)
            if not isinstance(value, tuple):
                references.append((len(body), value))
            body += struct.pack("<" + form, number)
        self.align(4, ahead=4 + 2 * slots)
        self.out += struct.pack(f"<{2 + slots}H", 4 + 2 * slots, len(body), *vtable)
        at = len(self.out)
        struct.pack_into("<i", body, 0, 4 + 2 * slots)
        self.out += body
        for offset, value in references:
            self.refer(at + offset, value)
        return at


def write_flatbuffer(root, identifier):
    w = Writer()
    w.out += bytes(4) + identifier
    w.refer(0, root)
    w.align(16)
    return bytes(w.out)


class ModelBuilder:
    """Collects tensors, buffers and operators in execution order."""

    def __init__(self):
        self.tensors, self.buffers, self.operators = [], [Table({})], []
        self.codes = []
        self.index = {}  # name: tensor

    def tensor(self, name, kind, shape, scale=None, zero=None, axis=0, data=None):
        fields = {0: ints(*shape), 1: ("b", kind), 3: text(name)}
        if data is not None:
            fields[2] = ("I", len(self.buffers))
            self.buffers.append(Table({0: Data(np.frombuffer(data.tobytes(), np.uint8), align=16)}))
        if scale is not None:
            scale = np.atleast_1d(np.asarray(scale, np.float32))
            zero = np.zeros(scale.size, np.int64) if zero is None else np.array([zero], np.int64)
            fields[4] = Table({2: Data(scale), 3: Data(zero), 6: ("i", axis)})
        self.index[name] = len(self.tensors)
        self.tensors.append(Table(fields))

    def operator(self, code, inputs, outputs, options):
        member, _ = OPTIONS[code]
        if code not in self.codes:
            self.codes.append(code)
        self.operators.append(Table({
            0: ("I", self.codes.index(code)),
            1: ints(*(self.index[n] for n in inputs)), 2: ints(*(self.index[n] for n in outputs)),
            3: ("B", member), 4: Table(options),
        }))

    def finish(self, inputs, outputs, description):
        codes = [Table({0: ("b", c), 2: ("i", OPTIONS[c][1]), 3: ("i", c)}) for c in self.codes]
        graph = Table({
            0: self.tensors, 1: ints(*(self.index[n] for n in inputs)),
            2: ints(*(self.index[n] for n in outputs)), 3: self.operators, 4: text("main"),
        })
        return write_flatbuffer(Table({
            0: ("I", 3), 1: codes, 2: [graph], 3: text(description), 4: self.buffers}), b"TFL3")


def weights_and_bias(m, name, shape, w, b, axis, input_scale):
    """Adds NAME/weights (in its file layout, `axis` the output channel; None: one scale) and NAME/bias."""
    q, scales = quantize_weights(w, axis)
    m.tensor(name + "/weights", INT8, shape, scales, axis=axis or 0, data=q)
    q, bias_scales = quantize_bias(b, input_scale, scales)
    m.tensor(name + "/bias", INT32, (len(b),), bias_scales, data=q)


def same(activation):
    return {0: ("b", PADDING_SAME), 1: ("i", 1), 2: ("i", 1), 3: ("b", activation), 4: ("i", 1), 5: ("i", 1)}


def pool(k, stride):
    return {0: ("b", PADDING_VALID), 1: ("i", stride), 2: ("i", stride), 3: ("i", k), 4: ("i", k),
            5: ("b", ACTIVATION_NONE)}


def build_model(net, calibration):
    """The .tflite file as bytes."""
    seen = net.forward(calibration)
    q = {n: activation_quantization(seen[n]) for n in ("conv1", "dw", "pw", "conv2", "add", "logits")}
    q["input"] = (INPUT_SCALE, INPUT_ZERO)
    q["maxpool"] = q["pw"]
    q["avgpool"] = q["reshape"] = q["add"]
    q["softmax"] = (np.float32(1 / 256), -128)

    m = ModelBuilder()
    shapes = {"input": (1, 8, 8, 1), "conv1": (1, 8, 8, 16), "dw": (1, 8, 8, 16), "pw": (1, 8, 8, 32),
              "maxpool": (1, 4, 4, 32), "conv2": (1, 4, 4, 32), "add": (1, 4, 4, 32), "avgpool": (1, 1, 1, 32),
              "reshape": (1, 32), "logits": (1, 10), "softmax": (1, 10)}
    for name, shape in shapes.items():
        m.tensor(name, INT8, shape, *q[name])

    def conv(code, source, name, w, layer, axis, options):
        weights_and_bias(m, name, w.shape, w, layer.b, axis, q[source][0])
        m.operator(code, (source, name + "/weights", name + "/bias"), (name,), options)

    depthwise = same(ACTIVATION_RELU)
    depthwise.update({3: ("i", 1), 4: ("b", ACTIVATION_RELU), 6: ("i", 1)})  # depth multiplier before the activation
    ohwi = (3, 0, 1, 2)
    conv(CONV_2D, "input", "conv1", net.conv1.w.transpose(ohwi), net.conv1, 0, same(ACTIVATION_RELU))
    conv(DEPTHWISE_CONV_2D, "conv1", "dw", net.dw.w[None], net.dw, 3, depthwise)
    conv(CONV_2D, "dw", "pw", net.pw.w.transpose(ohwi), net.pw, 0, same(ACTIVATION_RELU))
    m.operator(MAX_POOL_2D, ("pw",), ("maxpool",), pool(2, 2))
    conv(CONV_2D, "maxpool", "conv2", net.conv2.w.transpose(ohwi), net.conv2, 0, same(ACTIVATION_RELU))
    m.operator(ADD, ("maxpool", "conv2"), ("add",), {0: ("b", ACTIVATION_RELU)})
    m.operator(AVERAGE_POOL_2D, ("add",), ("avgpool",), pool(4, 4))
    m.tensor("reshape/shape", INT32, (2,), data=np.array((1, 32), np.int32))
    m.operator(RESHAPE, ("avgpool", "reshape/shape"), ("reshape",), {0: ints(1, 32)})
    conv(FULLY_CONNECTED, "reshape", "logits", net.fc.w.T, net.fc, None, {0: ("b", ACTIVATION_NONE)})
    m.operator(SOFTMAX, ("logits",), ("softmax",), {0: ("f", 1.0)})
    return m.finish(("input",), ("softmax",), "Systole digits example, Apache-2.0")


# ---------------------------------------------------------------------------------------------------------------
# .tflite reader: only what the integer reference needs, for files that are trusted.

class View:
    """A table inside a flatbuffer."""

    def __init__(self, buf, at):
        self.buf, self.at = buf, at

    def field(self, slot):
        """Position of a field, 0 when it is absent."""
        vtable = self.at - struct.unpack_from("<i", self.buf, self.at)[0]
        size = struct.unpack_from("<H", self.buf, vtable)[0]
        entry = 4 + 2 * slot
        offset = struct.unpack_from("<H", self.buf, vtable + entry)[0] if entry < size else 0
        return self.at + offset if offset else 0

    def number(self, slot, form, default=0):
        at = self.field(slot)
        return struct.unpack_from("<" + form, self.buf, at)[0] if at else default

    def target(self, slot):
        at = self.field(slot)
        return at + struct.unpack_from("<I", self.buf, at)[0] if at else 0

    def table(self, slot):
        at = self.target(slot)
        return View(self.buf, at) if at else None

    def array(self, slot, dtype):
        at = self.target(slot)
        if not at:
            return np.zeros(0, dtype)
        return np.frombuffer(self.buf, dtype, struct.unpack_from("<I", self.buf, at)[0], at + 4)

    def tables(self, slot):
        at = self.target(slot)
        count = struct.unpack_from("<I", self.buf, at)[0] if at else 0
        refs = [at + 4 + 4 * i for i in range(count)]
        return [View(self.buf, r + struct.unpack_from("<I", self.buf, r)[0]) for r in refs]


class TensorInfo:
    def __init__(self, view, buffers):
        self.shape = tuple(int(n) for n in view.array(0, "<i4"))
        kind = view.number(1, "b")
        quantization = view.table(4)
        self.scale = quantization.array(2, "<f4") if quantization else np.zeros(0, np.float32)
        self.zero = int(quantization.array(3, "<i8")[0]) if self.scale.size else 0
        raw = buffers[view.number(2, "I")].array(0, np.uint8).tobytes()
        self.data = np.frombuffer(raw, "<i4" if kind == INT32 else np.int8).reshape(self.shape) if raw else None


class Model:
    def __init__(self, buf):
        assert buf[4:8] == b"TFL3"
        root = View(buf, struct.unpack_from("<I", buf, 0)[0])
        self.codes = [max(c.number(0, "b"), c.number(3, "i")) for c in root.tables(1)]
        graph = root.tables(2)[0]
        self.tensors = [TensorInfo(t, root.tables(4)) for t in graph.tables(0)]
        self.input, self.output = int(graph.array(1, "<i4")[0]), int(graph.array(2, "<i4")[0])
        self.operators = [(self.codes[o.number(0, "I")], [int(i) for i in o.array(1, "<i4")],
                           int(o.array(2, "<i4")[0]), o.table(4)) for o in graph.tables(3)]


# ---------------------------------------------------------------------------------------------------------------
# Integer reference: TFLite's int8 reference kernels, double rounding (rounding mode `tflite`), in int64 arrays.

INT32_MIN, INT32_MAX = -2 ** 31, 2 ** 31 - 1


def quantize_multiplier(real):
    """(M, s) with real ~ M * 2^(s - 31). tensorflow/lite/kernels/internal/quantization_util.cc"""
    if real == 0:
        return 0, 0
    fraction, shift = math.frexp(real)
    mult = math.floor(fraction * 2 ** 31 + 0.5)
    if mult == 2 ** 31:
        mult, shift = 2 ** 30, shift + 1
    return (0, 0) if shift < -31 else (mult, shift)


def high_mul(a, b):
    """SaturatingRoundingDoublingHighMul: ties toward +infinity."""
    return np.minimum((np.asarray(a, np.int64) * b + 2 ** 30) >> 31, INT32_MAX)


def divide_pot(x, exponent):
    """RoundingDivideByPOT: ties away from zero; exponent may be an array, 0 changes nothing."""
    exponent = np.asarray(exponent, np.int64)
    half = np.where(exponent > 0, np.int64(1) << np.maximum(exponent - 1, 0), 0)
    return (x + np.where(exponent > 0, half - (x < 0), 0)) >> exponent


def requantize(acc, reals):
    """acc [...][C] times reals [C] or [1], rounded."""
    pairs = [quantize_multiplier(r) for r in reals]
    mult, shift = np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], np.int64)
    assert acc.min() >= INT32_MIN and acc.max() <= INT32_MAX
    return divide_pot(high_mul(acc << np.maximum(shift, 0), mult), np.maximum(-shift, 0))


def clamp_limits(activation, out):
    low, high = -128, 127
    if activation != ACTIVATION_NONE:
        low = max(low, out.zero)
    if activation == ACTIVATION_RELU6:
        high = min(high, out.zero + math.floor(float(np.float32(6) / out.scale[0]) + 0.5))
    return low, high


def finish(y, activation, out):
    return np.clip(y + out.zero, *clamp_limits(activation, out))


def windows(x, k, stride, same_padding, fill):
    """x [N][H][W][C] -> [N][OH][OW][C][KH][KW]; padding taps hold `fill`."""
    pads = [(0, 0)]
    for size, kn, sn in zip(x.shape[1:3], k, stride):
        total = max(0, (-(-size // sn) - 1) * sn + kn - size) if same_padding else 0
        pads.append((total >> 1, total - (total >> 1)))
    xp = np.pad(x, pads + [(0, 0)], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(xp, k, axis=(1, 2))
    return view[:, ::stride[0], ::stride[1]]


def ref_conv(code, x, xin, w, b, out, options):
    dw = code == DEPTHWISE_CONV_2D
    stride = options.number(2, "i", 1), options.number(1, "i", 1)
    taps = windows(x - xin.zero, w.shape[1:3], stride, options.number(0, "b") == PADDING_SAME, 0)
    form = "nhwcij,ijc->nhwc" if dw else "nhwcij,oijc->nhwo"
    kernel = (w.data[0] if dw else w.data).astype(np.int64)
    acc = np.einsum(form, taps, kernel, optimize=not dw) + b.data
    reals = float(xin.scale[0]) * w.scale.astype(np.float64) / float(out.scale[0])
    return finish(requantize(acc, reals), options.number(4 if dw else 3, "b"), out)


def ref_fully_connected(x, xin, w, b, out, options):
    acc = (x.reshape(len(x), -1) - xin.zero) @ w.data.T.astype(np.int64) + b.data
    real = float(xin.scale[0] * w.scale[0]) / float(out.scale[0])  # the product is a float32's
    return finish(requantize(acc, [real]), options.number(0, "b"), out)


def ref_pool(code, x, xin, out, options):
    k = options.number(4, "i"), options.number(3, "i")
    stride = options.number(2, "i"), options.number(1, "i")
    padded = options.number(0, "b") == PADDING_SAME
    if code == MAX_POOL_2D:
        y = windows(x, k, stride, padded, -128).max(axis=(4, 5))
    else:
        acc = windows(x, k, stride, padded, 0).sum(axis=(4, 5))
        n = windows(np.ones_like(x), k, stride, padded, 0).sum(axis=(4, 5))
        y = np.where(acc > 0, (acc + n // 2) // n, -((n // 2 - acc) // n))
    return np.clip(y, *clamp_limits(options.number(5, "b"), out))


def ref_add(a, ain, b, bin_, out, options):
    s1, s2, sy = float(ain.scale[0]), float(bin_.scale[0]), float(out.scale[0])
    twice = 2 * max(s1, s2)
    total = requantize((a - ain.zero) << 20, [s1 / twice]) + requantize((b - bin_.zero) << 20, [s2 / twice])
    return finish(requantize(total, [twice / (2 ** 20 * sy)]), options.number(0, "b"), out)


def multiply_pot(x, exponent):
    """SaturatingRoundingMultiplyByPOT for exponent > 0."""
    return np.clip(x << exponent, INT32_MIN, INT32_MAX)


def exp_negative(a):
    """gemmlowp exp_on_negative_values: a <= 0 with 26 fraction bits, result with 31."""
    quarter = 1 << 24
    part = (a & (quarter - 1)) - quarter
    x = multiply_pot(part, 5) + (1 << 28)
    x2 = high_mul(x, x)
    x3, x4 = high_mul(x2, x), high_mul(x2, x2)
    series = divide_pot(high_mul(divide_pot(x4, 2) + x3, 715827883) + x2, 1)
    y = 1895147668 + high_mul(x + series, 1895147668)
    for bit, mult in enumerate((1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)):
        y = np.where((part - a) & (1 << (24 + bit)), high_mul(y, mult), y)
    return np.where(a == 0, INT32_MAX, y)


def reciprocal(x):
    """gemmlowp one_over_one_plus_x_for_x_in_0_1, 31 fraction bits in and out."""
    half = (x + INT32_MAX + 1) >> 1
    y = 1515870810 + high_mul(half, -1010580540)
    for _ in range(3):
        y = y + multiply_pot(high_mul(y, (1 << 29) - high_mul(half, y)), 2)
    return multiply_pot(y, 1)


def ref_softmax(x, xin, beta):
    """tensorflow/lite/kernels/internal/reference/softmax.h, int8 to int8."""
    mult, shift = quantize_multiplier(min(float(np.float32(beta)) * float(xin.scale[0]) * 2 ** 26, 2 ** 31 - 1.0))
    diff_min = -math.floor(31 * 2 ** 26 / 2 ** shift)
    diff = x - x.max(axis=-1, keepdims=True)
    used = diff >= diff_min
    e = exp_negative(high_mul(np.where(used, diff, 0) << shift, mult))
    total = np.where(used, divide_pot(e, 12), 0).sum(axis=-1, keepdims=True)  # 19 fraction bits
    zeros = 32 - np.array([int(t).bit_length() for t in total.ravel()]).reshape(total.shape)
    scale = reciprocal((total << zeros) - (1 << 31))
    y = divide_pot(high_mul(scale, e), 12 - zeros + 31 - 8) - 128
    return np.where(used, np.clip(y, -128, 127), -128)


def run_model(model, images):
    """images int8 [N][H][W][C]; returns the int8 output of every operator, in order."""
    t, outputs = {model.input: images.astype(np.int64)}, []
    for code, ins, dest, options in model.operators:
        info = [model.tensors[i] for i in ins]
        out, x = model.tensors[dest], t[ins[0]]
        if code in (CONV_2D, DEPTHWISE_CONV_2D):
            y = ref_conv(code, x, *info, out, options)
        elif code == FULLY_CONNECTED:
            y = ref_fully_connected(x, *info, out, options)
        elif code in (MAX_POOL_2D, AVERAGE_POOL_2D):
            y = ref_pool(code, x, info[0], out, options)
        elif code == ADD:
            y = ref_add(x, info[0], t[ins[1]], info[1], out, options)
        elif code == RESHAPE:
            y = x.reshape(len(x), *out.shape[1:])
        elif code == SOFTMAX:
            y = ref_softmax(x, info[0], options.number(0, "f"))
        else:
            raise ValueError(f"operator {code} is not in the integer reference")
        t[dest] = y
        outputs.append(y.astype(np.int8))
    return outputs


# ---------------------------------------------------------------------------------------------------------------

def write_file(name, data):
    temporary = HERE / (name + ".tmp")
    temporary.write_bytes(data)
    os.replace(temporary, HERE / name)


def report(outputs, labels):
    right = int((outputs.argmax(axis=1) == labels).sum())
    data = outputs.tobytes()
    print(f"integer reference: {right} of {len(labels)} images right, {100 * right / len(labels):.2f} %")
    print(f"expected.bin: {len(data)} bytes, sum {sum(data)}, sha256 {hashlib.sha256(data).hexdigest()}")
    return data


def make():
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    digits = load_digits()
    parts = train_test_split(digits.images, digits.target, test_size=TEST_IMAGES, random_state=SEED,
                             stratify=digits.target)
    x_train, x_test = (pixels_to_int8(p)[..., None] for p in parts[:2])
    y_train, y_test = parts[2:]
    net = train(int8_to_real(x_train), y_train)
    logits = net.forward(int8_to_real(x_test))["logits"]
    print(f"float network: {int((logits.argmax(axis=1) == y_test).sum())} of {len(y_test)} test images right")
    data = build_model(net, int8_to_real(x_train))
    write_file("digits.tflite", data)
    write_file("images.bin", x_test.tobytes())
    write_file("labels.bin", y_test.astype(np.uint8).tobytes())
    print(f"digits.tflite: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    write_file("expected.bin", report(run_model(Model(data), x_test)[-1], y_test))


def check():
    images = np.frombuffer((HERE / "images.bin").read_bytes(), np.int8).reshape(-1, 8, 8, 1)
    labels = np.frombuffer((HERE / "labels.bin").read_bytes(), np.uint8)
    model = Model((HERE / "digits.tflite").read_bytes())
    if report(run_model(model, images)[-1], labels) != (HERE / "expected.bin").read_bytes():
        sys.exit("expected.bin: differs from the integer reference")


def main():
    parser = argparse.ArgumentParser(description="Trains and quantizes the digits example (one-off).")
    parser.add_argument("--check", action="store_true", help="recompute expected.bin, write nothing")
    check() if parser.parse_args().check else make()


if __name__ == "__main__":
    main()
