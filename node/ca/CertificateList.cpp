#include "node/ca/CertificateList.h"

#include <fmt/format.h>
#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "node/ca/CaCall.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::int64_t kPage = 2000;  // rows on one view of the database
// Sent at once: with what HTTP puts around it, two records of TLS, and small enough to stay in the
// nearest cache.
constexpr std::size_t kPieceBytes = 2 * 16'384 - 16;
// Handed from thread to thread at once, and how many may wait.
constexpr std::size_t kBlockBytes = 8 * kPieceBytes;
constexpr std::size_t kMostBlocks = 4;
constexpr std::chrono::minutes kLongest{5};  // for a client that reads slowly

/// Takes blocks; false when nobody wants another.
using Give = std::function<bool(std::string)>;

/// Rows become text in a block that is filled by hand: appending to a string for each of the lines
/// of a PEM costs more than reading the row.
class ListReader {
public:
    ListReader(CertificateAuthority& ca, CertificateFilter filter)
        : m_ca(ca), m_filter(std::move(filter)) {
        // A search by time sorts what it has found: once only.
        m_isPaged = !m_filter.expiresFrom && !m_filter.expiresUntil && !m_filter.revokedFrom &&
                    !m_filter.revokedUntil;
        if (m_isPaged) m_filter.most = kPage;
    }

    /// Reads the next page. False at an error.
    bool page(const Give& give) {
        std::int64_t count = 0;
        const Status read = m_ca.store().read([&](auto& connection) {
            return eachPem(connection, m_filter, [&](std::int64_t number, std::string_view pem) {
                ++count;
                m_filter.after = number;
                if (m_isWanted) add(pem, give);
            });
        });
        m_isLast = !m_isPaged || count < kPage;
        if (read.ok()) return true;
        log::error(kCaRoom, fmt::format("CA '{}' cannot list certificates: {}", m_ca.name(),
                                        messageOf(read)));
        return false;
    }
    bool isLast() const { return m_isLast || !m_isWanted; }
    bool isWanted() const { return m_isWanted; }
    /// What has not filled a block.
    std::string rest() {
        m_block.resize(m_used);
        m_used = 0;
        return std::move(m_block);
    }

private:
    void add(std::string_view pem, const Give& give) {
        constexpr std::string_view kOpen = R"({"PEM":")";
        constexpr std::string_view kClose = R"("})";
        // In JSON only the ends of its lines need a mark.
        const std::size_t most = 2 * pem.size() + kOpen.size() + kClose.size() + 1;
        if (m_block.size() - m_used < most)
            m_block.resize(std::max(m_used + most, kBlockBytes + kPieceBytes));
        char* to = m_block.data() + m_used;
        if (!m_isFirst) *to++ = ',';
        m_isFirst = false;
        to = copy(to, kOpen);
        while (!pem.empty()) {
            const std::size_t end = std::min(pem.find('\n'), pem.size());
            to = copy(to, pem.substr(0, end));
            if (end == pem.size()) break;
            *to++ = '\\';
            *to++ = 'n';
            pem.remove_prefix(end + 1);
        }
        to = copy(to, kClose);
        m_used = std::size_t(to - m_block.data());
        while (m_used >= kBlockBytes && m_isWanted) {
            std::string after(m_block, kBlockBytes, m_used - kBlockBytes);
            m_used = after.size();
            after.resize(kBlockBytes + kPieceBytes);
            m_block.resize(kBlockBytes);
            m_isWanted = give(std::exchange(m_block, std::move(after)));
        }
    }
    static char* copy(char* to, std::string_view text) {
        std::memcpy(to, text.data(), text.size());
        return to + text.size();
    }

    CertificateAuthority& m_ca;
    CertificateFilter m_filter;
    bool m_isPaged;
    bool m_isFirst = true;
    bool m_isLast = false;
    bool m_isWanted = true;
    std::string m_block;
    std::size_t m_used = 0;
};

/// Blocks on their way from the thread that reads to the one that sends.
class Handover {
public:
    bool give(std::string block) {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [&] { return m_blocks.size() < kMostBlocks || m_isStopped; });
        if (m_isStopped) return false;
        m_blocks.push_back(std::move(block));
        m_moved.notify_all();
        return true;
    }
    void end(bool isWhole) {
        const std::lock_guard lock(m_mutex);
        m_isEnded = true;
        m_isWhole = isWhole;
        m_moved.notify_all();
    }
    /// Nothing at the end.
    std::optional<std::string> take() {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [&] { return !m_blocks.empty() || m_isEnded; });
        if (m_blocks.empty()) return std::nullopt;
        std::string block = std::move(m_blocks.front());
        m_blocks.pop_front();
        m_moved.notify_all();
        return block;
    }
    void stop() {
        const std::lock_guard lock(m_mutex);
        m_isStopped = true;
        m_moved.notify_all();
    }
    bool isWhole() {
        const std::lock_guard lock(m_mutex);
        return m_isWhole;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_moved;
    std::deque<std::string> m_blocks;
    bool m_isEnded = false;
    bool m_isStopped = false;
    bool m_isWhole = false;
};

bool sendLong(ListReader& reader, const Give& send) {
    Handover handover;
    std::jthread reading([&] {
        ::pthread_setname_np(::pthread_self(), "ca list");
        bool isRead = true;
        while (isRead && !reader.isLast())
            isRead =
                reader.page([&](std::string block) { return handover.give(std::move(block)); });
        handover.end(isRead && reader.isWanted());
    });
    while (const auto block = handover.take())
        if (!send(*block)) {
            handover.stop();
            return false;
        }
    return handover.isWhole();
}

}  // namespace

bool writeCertificates(CertificateAuthority& ca, CertificateFilter filter, const http::Sink& sink) {
    const auto until = std::chrono::steady_clock::now() + kLongest;
    const Give send = [&](const std::string& block) {
        for (std::string_view left = block; !left.empty();) {
            const std::string_view piece = left.substr(0, kPieceBytes);
            if (!sink(piece) || std::chrono::steady_clock::now() >= until) return false;
            left.remove_prefix(piece.size());
        }
        return true;
    };
    ListReader reader(ca, std::move(filter));
    // Most searches end with their first page.
    if (!reader.page(send)) return false;
    if (!reader.isLast() && !sendLong(reader, send)) return false;
    return reader.isWanted() && send(reader.rest());
}

}  // namespace chancery::node
