#include "src/base/Crc32c.h"

#include <array>
#include <cstring>

namespace chancery {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;

using Table = std::array<std::uint32_t, 256>;

constexpr std::array<Table, 8> makeTables() {
    std::array<Table, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? value >> 1 ^ kPolynomial : value >> 1;
        tables[0][i] = value;
    }
    for (std::size_t t = 1; t < tables.size(); ++t)
        for (std::size_t i = 0; i < 256; ++i)
            tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xFF];
    return tables;
}
constexpr std::array<Table, 8> kTables = makeTables();

std::uint64_t littleEndian(const unsigned char* at) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) value = value << 8 | at[i];
    return value;
}

std::uint32_t byTables(const unsigned char* at, std::size_t size, std::uint32_t crc) {
    for (; size >= 8; size -= 8, at += 8) {
        const std::uint64_t word = littleEndian(at) ^ crc;
        crc = 0;
        for (std::size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][word >> (8 * i) & 0xFF];
    }
    for (; size > 0; --size, ++at) crc = crc >> 8 ^ kTables[0][(crc ^ *at) & 0xFF];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t byInstruction(const unsigned char* at,
                                                              std::size_t size, std::uint32_t crc) {
    std::uint64_t wide = crc;
    for (; size >= 8; size -= 8, at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    crc = static_cast<std::uint32_t>(wide);
    for (; size > 0; --size, ++at) crc = __builtin_ia32_crc32qi(crc, *at);
    return crc;
}
#endif

using Function = std::uint32_t (*)(const unsigned char*, std::size_t, std::uint32_t);

Function choose() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return byInstruction;
#endif
    return byTables;
}

}  // namespace

std::uint32_t crc32c(BytesView bytes, std::uint32_t before) {
    static const Function function = choose();
    return ~function(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), ~before);
}

}  // namespace chancery
