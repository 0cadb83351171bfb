#include "tests/bench/ledger/SeededRandom.h"

namespace chancery::bench {

Bytes SeededRandom::bytes(std::size_t count) {
    Bytes bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(m_engine() >> 32);
    return bytes;
}

}  // namespace chancery::bench
