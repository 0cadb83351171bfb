#pragma once

#include <chrono>
#include <ostream>
#include <string>

#include "src/cli/Terminal.h"
#include "src/usecase/LedgerFiles.h"

namespace chancery::cli {

/// One line on standard error that shows how far a long task is, redrawn ten times per second at
/// most. Draws nothing unless standard error is a terminal. Erased when it goes. One thread at a
/// time.
class ProgressBar {
public:
    ProgressBar(std::ostream& err, const Terminal& terminal, std::string doing);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(const usecase::Progress& progress);
    /// Takes it from the screen; a later show() draws it again.
    void erase();

private:
    std::ostream& m_err;
    const Terminal& m_terminal;
    std::string m_doing;
    std::chrono::steady_clock::time_point m_begin;
    std::chrono::steady_clock::time_point m_drawn;
    bool m_visible = false;
};

}  // namespace chancery::cli
