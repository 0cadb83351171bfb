#pragma once

#include <functional>
#include <utility>

namespace chancery {

/// What a registration returns: destroying it ends the registration. Movable, not copyable.
class Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::function<void()> end) : m_end(std::move(end)) {}
    Subscription(Subscription&& other) noexcept : m_end(std::exchange(other.m_end, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept {
        if (this != &other) {
            reset();
            m_end = std::exchange(other.m_end, nullptr);
        }
        return *this;
    }
    ~Subscription() { reset(); }

    /// Ends the registration now; a second call does nothing.
    void reset() {
        if (auto end = std::exchange(m_end, nullptr)) end();
    }
    explicit operator bool() const { return static_cast<bool>(m_end); }

private:
    std::function<void()> m_end;
};

}  // namespace chancery
