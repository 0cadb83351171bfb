#include "src/client/PrometheusText.h"

#include <cmath>
#include <cstdlib>

namespace chancery::client {
namespace {

constexpr std::size_t kMostSamples = 500'000;
constexpr std::size_t kMostLabels = 64;
constexpr std::size_t kLongestNumber = 64;

bool isNameLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
}

/// One line; every function takes what it knows from the front and says whether it was there.
class Line {
public:
    explicit Line(std::string_view text) : m_rest(text) {}

    bool read(interfaces::MetricSample& sample) {
        return name(sample.name) && labels(sample.labels) && number(sample.value) && end();
    }

private:
    void blanks() {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\t'))
            m_rest.remove_prefix(1);
    }
    bool take(char c) {
        blanks();
        if (m_rest.empty() || m_rest.front() != c) return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool name(std::string& to) {
        blanks();
        std::size_t length = 0;
        while (length < m_rest.size() && isNameLetter(m_rest[length])) ++length;
        to = m_rest.substr(0, length);
        m_rest.remove_prefix(length);
        return length > 0;
    }
    bool labels(std::map<std::string, std::string>& to) {
        if (!take('{')) return true;
        while (!take('}')) {
            std::string key, value;
            if (to.size() >= kMostLabels || !name(key) || !take('=') || !quoted(value))
                return false;
            if (!to.emplace(std::move(key), std::move(value)).second) return false;
            if (!take(',')) return take('}');
        }
        return true;
    }
    bool quoted(std::string& to) {
        if (!take('"')) return false;
        while (!m_rest.empty() && m_rest.front() != '"') {
            char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '\\') {
                if (m_rest.empty()) return false;
                c = m_rest.front() == 'n' ? '\n' : m_rest.front();
                m_rest.remove_prefix(1);
            }
            to += c;
        }
        return take('"');
    }
    bool number(double& to) {
        blanks();
        const std::size_t length = std::min(m_rest.find_first_of(" \t"), m_rest.size());
        const std::string text(m_rest.substr(0, length));
        if (text.empty() || text.size() > kLongestNumber) return false;
        m_rest.remove_prefix(length);
        char* stopped = nullptr;
        to = std::strtod(text.c_str(), &stopped);  // knows NaN and Inf too
        return *stopped == '\0';
    }
    /// Perhaps a time.
    bool end() {
        blanks();
        return m_rest.find_first_not_of("-0123456789 \t") == m_rest.npos;
    }

    std::string_view m_rest;
};

}  // namespace

Result<std::vector<interfaces::MetricSample>> readPrometheusText(std::string_view text) {
    std::vector<interfaces::MetricSample> samples;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, length);
        text.remove_prefix(std::min(length + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t first = line.find_first_not_of(" \t");
        if (first == line.npos || line[first] == '#') continue;
        interfaces::MetricSample sample;
        if (samples.size() >= kMostSamples || !Line(line).read(sample))
            return makeError(StatusCode::kDataLoss, "BAD_METRICS",
                             fmt::format("metrics: line {} is not understood", number),
                             {{"line", std::to_string(number)}});
        samples.push_back(std::move(sample));
    }
    return samples;
}

}  // namespace chancery::client
