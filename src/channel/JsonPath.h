#pragma once

#include <string>
#include <vector>

namespace chancery::channel {

/// Keeps a path in step with a recursion: the step is on it as long as the object lives.
class PathStep {
public:
    PathStep(std::vector<std::string>& path, std::string step) : m_path(path) {
        m_path.push_back(std::move(step));
    }
    ~PathStep() { m_path.pop_back(); }
    PathStep(const PathStep&) = delete;
    PathStep& operator=(const PathStep&) = delete;

private:
    std::vector<std::string>& m_path;
};

/// "$.data.data[0]"
inline std::string jsonPath(const std::vector<std::string>& steps) {
    std::string path = "$";
    for (const std::string& step : steps) path += step;
    return path;
}

}  // namespace chancery::channel
