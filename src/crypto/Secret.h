#pragma once

#include <cstddef>

#include "src/base/Bytes.h"

namespace chancery::crypto {

/// Bytes that nobody else may see: overwritten when they go, kept out of swap and core dumps once
/// useSecureHeap() has succeeded, never copied by accident and never printed.
class Secret {
public:
    Secret() = default;
    explicit Secret(BytesView bytes);
    /// Zeros, to be written through data().
    static Secret ofSize(std::size_t size);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    /// On purpose only.
    Secret copy() const { return Secret(view()); }
    BytesView view() const { return {m_data, m_size}; }
    char* data() { return m_data; }
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    /// Forgets what stands behind the first `size` bytes.
    void shorten(std::size_t size);
    void clear();

private:
    char* m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_room = 0;
};

/// Overwrites a string that held a secret, and empties it.
void wipe(Bytes& bytes);

/// Compares without telling by its duration where the difference is.
bool equalInConstantTime(BytesView a, BytesView b);

/// From now on the program leaves no core, also none that the system would hand to a collector, and
/// other processes of the same user cannot look into it. False when that could not be had.
bool forbidDumps();

enum class SecureHeap { Locked, NotLocked, Unavailable };
/// From now on secrets and private numbers live in memory of their own, which is left out of core
/// dumps and, where the system allows it (Locked), never goes to swap. Once for the whole program;
/// later calls only answer. Thread-safe.
SecureHeap useSecureHeap();

}  // namespace chancery::crypto
