#pragma once

#include <cerrno>
#include <cstdint>

#include "node/ledger/Disk.h"

namespace chancery::test {

/// A disk that does not sync, for speed, and whose n-th change fails. One thread at a time.
class FaultyDisk final : public node::Disk {
public:
    /// Call number `at` (from 0) fails with `error`; with `onward` all behind it do, too.
    void fail(std::int64_t at, int error, bool onward = false) {
        m_calls = 0;
        m_failAt = at;
        m_error = error;
        m_onward = onward;
    }
    void heal() { m_failAt = -1; }
    std::int64_t calls() const { return m_calls; }
    /// How much a failing write has written before.
    void setPartial(bool partial) { m_partial = partial; }
    /// No sync fails; a full disk does not make them fail either.
    void spareSyncs(bool spare) { m_spareSyncs = spare; }

    int open(const std::filesystem::path& file, bool create) override {
        return fails() ? -1 : system().open(file, create);
    }
    ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t offset) override {
        if (!fails()) return system().pwrite(fd, bytes, size, offset);
        if (m_partial && size > 1) {
            const auto some = system().pwrite(fd, bytes, size / 2, offset);
            static_cast<void>(some);
            errno = m_error;
        }
        return -1;
    }
    int fdatasync(int) override { return !m_spareSyncs && fails() ? -1 : 0; }
    int fsync(int) override { return !m_spareSyncs && fails() ? -1 : 0; }
    int ftruncate(int fd, off_t size) override {
        return fails() ? -1 : system().ftruncate(fd, size);
    }
    int unlink(const std::filesystem::path& file) override {
        return fails() ? -1 : system().unlink(file);
    }

private:
    bool fails() {
        const std::int64_t call = m_calls++;
        const bool now = m_failAt >= 0 && (m_onward ? call >= m_failAt : call == m_failAt);
        if (now) errno = m_error;
        return now;
    }

    std::int64_t m_calls = 0;
    std::int64_t m_failAt = -1;
    int m_error = EIO;
    bool m_onward = false;
    bool m_partial = true;
    bool m_spareSyncs = false;
};

}  // namespace chancery::test
