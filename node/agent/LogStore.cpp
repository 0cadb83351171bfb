#include "node/agent/LogStore.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstring>

#include "node/agent/StateFolder.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kTimeDigits = 13;
constexpr std::size_t kHead = kTimeDigits + 2;

int rank(LineLevel level) {
    switch (level) {
        case LineLevel::Debug:
            return 0;
        case LineLevel::Info:
            return 1;
        case LineLevel::Warning:
            return 2;
        case LineLevel::Error:
            break;
    }
    return 3;
}

struct Record {
    std::int64_t micros = 0;
    LineLevel level = LineLevel::Info;
    std::string_view text;
};

Record parseRecord(std::string_view line) {
    Record record;
    if (line.size() < kHead) return record;
    std::from_chars(line.data(), line.data() + kTimeDigits, record.micros, 16);
    record.level = static_cast<LineLevel>(line[kTimeDigits]);
    record.text = line.substr(kHead);
    return record;
}

/// A query, ready to be asked of many lines.
struct Filter {
    explicit Filter(const LogQuery& query)
        : least(rank(query.least)),
          since(query.since ? absl::ToUnixMicros(*query.since) : INT64_MIN),
          word(query.contains) {
        for (char& c : word)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    bool takes(const Record& record) const {
        return rank(record.level) >= least && record.micros >= since &&
               containsWord(record.text, word);
    }
    int least;
    std::int64_t since;
    std::string word;
};

LogLine lineOf(const Record& record, std::uint64_t number) {
    const LineFacts facts = factsOf(record.text);
    return {.when = facts.when.value_or(absl::FromUnixMicros(record.micros)),
            .level = record.level,
            .logger = facts.logger,
            .text = record.text,
            .number = number};
}

std::uint64_t countLines(const fs::path& path) {
    const auto file = MappedFile::open(path);
    if (!file.ok()) return 0;
    return static_cast<std::uint64_t>(std::ranges::count(file->bytes(), '\n'));
}

}  // namespace

LogStore::LogStore(fs::path folder, LogStoreLimits limits)
    : m_folder(std::move(folder)), m_limits(limits) {
    findSegments();
}

LogStore::~LogStore() = default;

fs::path LogStore::pathOf(const Segment& segment) const {
    return m_folder / fmt::format("{:020}.log", segment.first);
}

void LogStore::findSegments() {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(m_folder, error)) {
        const std::string name = entry.path().filename();
        Segment segment;
        const auto [end, bad] =
            std::from_chars(name.data(), name.data() + name.size(), segment.first);
        if (bad != std::errc() ||
            name.substr(static_cast<std::size_t>(end - name.data())) != ".log")
            continue;
        segment.bytes = entry.file_size(error);
        m_segments.push_back(segment);
    }
    std::ranges::sort(m_segments, {}, &Segment::first);
    for (std::size_t i = 0; i + 1 < m_segments.size(); ++i)
        m_segments[i].next = m_segments[i + 1].first;
    if (m_segments.empty()) return;
    Segment& last = m_segments.back();
    // What a crash left of a line ends here.
    m_file = Descriptor(::open(pathOf(last).c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    char end = '\n';
    if (last.bytes > 0 && m_file &&
        ::pread(m_file.get(), &end, 1, static_cast<off_t>(last.bytes - 1)) == 1 && end != '\n' &&
        ::write(m_file.get(), "\n", 1) == 1)
        ++last.bytes;
    last.next = last.first + countLines(pathOf(last));
}

bool LogStore::openSegment() {
    if (!makeFolder(m_folder).ok()) return false;
    Segment segment;
    segment.first = segment.next = m_segments.empty() ? 1 : m_segments.back().next;
    m_file =
        Descriptor(::open(pathOf(segment).c_str(),
                          O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!m_file) return false;
    m_segments.push_back(segment);
    while (m_segments.size() > m_limits.segments) {
        std::error_code error;
        fs::remove(pathOf(m_segments.front()), error);
        m_segments.erase(m_segments.begin());
    }
    return true;
}

void LogStore::append(std::string_view line, absl::Time now) {
    const LineLevel level = levelOf(line).value_or(LineLevel::Info);
    std::string record =
        fmt::format("{:013x}{} ", absl::ToUnixMicros(now), static_cast<char>(level));
    record.append(line);
    record += '\n';
    {
        const std::lock_guard lock(m_mutex);
        if (!m_file || m_segments.back().bytes + record.size() > m_limits.segmentBytes)
            if (!openSegment()) return;
        Segment& segment = m_segments.back();
        const ssize_t written = ::write(m_file.get(), record.data(), record.size());
        if (written != static_cast<ssize_t>(record.size())) {
            // A half line would become the head of the next one.
            if (written > 0 && ::ftruncate(m_file.get(), static_cast<off_t>(segment.bytes)) != 0)
                m_file.reset();
            return;
        }
        segment.bytes += record.size();
        ++segment.next;
    }
    m_changed.notify_all();
}

std::vector<LogStore::Segment> LogStore::segments() const {
    const std::lock_guard lock(m_mutex);
    return m_segments;
}

Result<std::uint64_t> LogStore::read(const LogQuery& query, const Receiver& receiver) const {
    const auto segments = this->segments();
    const std::uint64_t next = segments.empty() ? 1 : segments.back().next;
    const Filter filter(query);
    struct Found {
        Record record;
        std::uint64_t number;
    };
    std::vector<MappedFile> files;  // the records are in them
    std::vector<Found> found;       // newest first
    bool isEnough = query.last == 0;
    for (std::size_t i = segments.size(); i-- > 0 && !isEnough;) {
        auto file = MappedFile::open(pathOf(segments[i]));
        if (!file.ok()) break;  // it went just now
        std::string_view rest = file->bytes().substr(0, segments[i].bytes);
        files.push_back(*std::move(file));
        std::uint64_t number = segments[i].next;
        while (!rest.empty() && !isEnough) {
            rest.remove_suffix(1);
            const void* before = ::memrchr(rest.data(), '\n', rest.size());
            const std::size_t begin =
                before == nullptr
                    ? 0
                    : static_cast<std::size_t>(static_cast<const char*>(before) - rest.data()) + 1;
            const Record record = parseRecord(rest.substr(begin));
            --number;
            if (filter.takes(record)) found.push_back({record, number});
            // Lines come in the order of time, but for a clock that was set back.
            isEnough = found.size() >= query.last || record.micros + 60'000'000 < filter.since;
            rest = rest.substr(0, begin);
        }
    }
    for (std::size_t left = found.size(); left > 0;) {
        std::vector<LogLine> batch;
        while (left > 0 && batch.size() < kBatch) {
            --left;
            batch.push_back(lineOf(found[left].record, found[left].number));
        }
        RETURN_IF_ERROR(receiver(batch));
    }
    return next;
}

Status LogStore::readForward(std::uint64_t& from, const LogQuery& query,
                             const Receiver& receiver) const {
    const Filter filter(query);
    for (const Segment& segment : segments()) {
        if (segment.next <= from) continue;
        const auto file = MappedFile::open(pathOf(segment));
        if (!file.ok()) continue;
        std::string_view rest = file->bytes().substr(0, segment.bytes);
        std::uint64_t number = segment.first;
        std::vector<LogLine> batch;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
            const Record record = parseRecord(rest.substr(0, end));
            if (number >= from && filter.takes(record)) batch.push_back(lineOf(record, number));
            ++number;
            rest.remove_prefix(end + 1);
            if (batch.size() < kBatch) continue;
            RETURN_IF_ERROR(receiver(batch));
            batch.clear();
        }
        if (!batch.empty()) RETURN_IF_ERROR(receiver(batch));
        from = number;
    }
    return absl::OkStatus();
}

Status LogStore::follow(std::uint64_t from, const LogQuery& query, const Receiver& receiver,
                        std::stop_token stop) const {
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, stop,
                           [&] { return !m_segments.empty() && m_segments.back().next > from; });
        }
        if (stop.stop_requested()) break;
        RETURN_IF_ERROR(readForward(from, query, receiver));
    }
    return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
}

}  // namespace chancery::agent
