#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/agent/LogText.h"
#include "src/base/Descriptor.h"
#include "src/base/File.h"
#include "src/base/Status.h"

namespace chancery::agent {

struct LogStoreLimits {
    std::uint64_t segmentBytes = 8U << 20;
    std::size_t segments = 8;
};

struct LogQuery {
    LineLevel least = LineLevel::Debug;
    std::string contains;  ///< any case
    std::optional<absl::Time> since;
    std::size_t last = 1000;
};

struct LogLine {
    absl::Time when;
    LineLevel level = LineLevel::Info;
    std::string_view logger, text;  ///< valid while the receiver runs
    std::uint64_t number = 0;
};

/// The lines of one node, in files of limited size of which the oldest goes. A record is the
/// moment in microseconds (13 hex digits), the level, a space and the line as it was written.
/// Thread-safe.
class LogStore {
public:
    using Receiver = std::function<Status(const std::vector<LogLine>&)>;
    static constexpr std::size_t kBatch = 256;

    /// The folder is made by the first line.
    explicit LogStore(std::filesystem::path folder, LogStoreLimits limits = {});
    ~LogStore();

    /// What cannot be written is lost: a full disk must not stop a node's output.
    void append(std::string_view line, absl::Time now);

    /// The last lines that fit, oldest first, at most kBatch at a time. What the receiver returns
    /// ends it. The place behind the newest line, for `follow`.
    Result<std::uint64_t> read(const LogQuery& query, const Receiver& receiver) const;
    /// Lines from that number on as they come, until `stop` or the receiver's error.
    Status follow(std::uint64_t from, const LogQuery& query, const Receiver& receiver,
                  std::stop_token stop) const;

private:
    struct Segment {
        std::uint64_t first = 0;  ///< number of its first line
        std::uint64_t bytes = 0;
        std::uint64_t next = 0;  ///< number behind its last line
    };
    void findSegments();
    bool openSegment();
    std::filesystem::path pathOf(const Segment& segment) const;
    std::vector<Segment> segments() const;
    Status readForward(std::uint64_t& from, const LogQuery& query, const Receiver& receiver) const;

    const std::filesystem::path m_folder;
    const LogStoreLimits m_limits;
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_changed;
    std::vector<Segment> m_segments;
    Descriptor m_file;  // of the last one
};

}  // namespace chancery::agent
