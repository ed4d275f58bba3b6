"""XXH3 with 128 bits and seed 0, after the specification of xxHash: digest(data) gives its 16 bytes in canonical (big-endian) form."""
import struct

SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")
P32_1, P32_2, P32_3 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64_1, P64_2, P64_3, P64_4, P64_5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
MX1, MX2, M32, M64 = 0x165667919E3779F9, 0x9FB21C651E98DF25, (1 << 32) - 1, (1 << 64) - 1


def u32(data, at):
    return int.from_bytes(data[at:at + 4], "little")


def u64(data, at):
    return int.from_bytes(data[at:at + 8], "little")


def swapped(value, size):
    return int.from_bytes(value.to_bytes(size, "little"), "big")


def folded(a, b):
    product = a * b
    return (product & M64) ^ (product >> 64)


def avalanche(h):
    h = (h ^ h >> 37) * MX1 & M64
    return h ^ h >> 32


def avalanche64(h):  # that of XXH64
    h = (h ^ h >> 33) * P64_2 & M64
    h = (h ^ h >> 29) * P64_3 & M64
    return h ^ h >> 32


def up_to_16(data, n):  # (low, high), as all below
    if n > 8:
        low, high = u64(data, 0), u64(data, n - 8)
        m = (low ^ high ^ u64(SECRET, 32) ^ u64(SECRET, 40)) * P64_1
        m_low, m_high = (m + (n - 1 << 54)) & M64, m >> 64
        high ^= u64(SECRET, 48) ^ u64(SECRET, 56)
        m_high = (m_high + high + (high & M32) * (P32_2 - 1)) & M64
        h = (m_low ^ swapped(m_high, 8)) * P64_2
        return avalanche(h & M64), avalanche((h >> 64) + m_high * P64_2 & M64)
    if n > 3:
        m = (u32(data, 0) + (u32(data, n - 4) << 32) ^ u64(SECRET, 16) ^ u64(SECRET, 24)) * (P64_1 + (n << 2))
        low, high = m & M64, (m >> 64) + (m << 1) & M64
        low ^= high >> 3
        low = (low ^ low >> 35) * MX2 & M64
        return low ^ low >> 28, avalanche(high)
    if n:
        low = data[0] << 16 | data[n >> 1] << 24 | data[n - 1] | n << 8
        high = swapped(low, 4)
        high = (high << 13 | high >> 19) & M32
        return avalanche64(low ^ u32(SECRET, 0) ^ u32(SECRET, 4)), avalanche64(high ^ u32(SECRET, 8) ^ u32(SECRET, 12))
    return avalanche64(u64(SECRET, 64) ^ u64(SECRET, 72)), avalanche64(u64(SECRET, 80) ^ u64(SECRET, 88))


def up_to_240(data, n):
    def mixed(at, key):
        return folded(u64(data, at) ^ u64(SECRET, key), u64(data, at + 8) ^ u64(SECRET, key + 8))

    def mix(low, high, one, other, key):
        low = (low + mixed(one, key) & M64) ^ (u64(data, other) + u64(data, other + 8) & M64)
        return low, (high + mixed(other, key + 16) & M64) ^ (u64(data, one) + u64(data, one + 8) & M64)

    low, high = n * P64_1 & M64, 0
    if n <= 128:
        for i in reversed(range((n + 31) // 32)):
            low, high = mix(low, high, 16 * i, n - 16 * (i + 1), 32 * i)
    else:
        for i in range(n // 32):
            low, high = mix(low, high, 32 * i, 32 * i + 16, 32 * i if i < 4 else 3 + 32 * (i - 4))
            if i == 3:
                low, high = avalanche(low), avalanche(high)
        low, high = mix(low, high, n - 16, n - 32, 103)
    return avalanche(low + high & M64), -avalanche(low * P64_1 + high * P64_4 + n * P64_2 & M64) & M64


def long(data, n):
    lanes = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
    keys = [struct.unpack_from("<8Q", SECRET, at) for at in range(0, 129, 8)]

    def accumulate(at, key):
        values = struct.unpack_from("<8Q", data, at)
        for i in range(8):
            keyed = values[i] ^ key[i]
            lanes[i ^ 1] += values[i]
            lanes[i] = lanes[i] + (keyed & M32) * (keyed >> 32)

    for stripe in range((n - 1) // 64):
        accumulate(64 * stripe, keys[stripe % 16])
        if stripe % 16 == 15:
            for i in range(8):
                lane = lanes[i] & M64
                lanes[i] = (lane ^ lane >> 47 ^ keys[16][i]) * P32_1 & M64
    accumulate(n - 64, struct.unpack_from("<8Q", SECRET, 121))

    def merged(key, start):
        pairs = (folded(lanes[i] & M64 ^ u64(SECRET, key + 8 * i), lanes[i + 1] & M64 ^ u64(SECRET, key + 8 * i + 8)) for i in (0, 2, 4, 6))
        return avalanche(start + sum(pairs) & M64)

    return merged(11, n * P64_1 & M64), merged(117, ~(n * P64_2) & M64)


def digest(data):
    data, n = bytes(data), len(data)
    low, high = (up_to_16 if n <= 16 else up_to_240 if n <= 240 else long)(data, n)
    return struct.pack(">QQ", high, low)
