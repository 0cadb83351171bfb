#pragma once

class QSplitter;

namespace chancery::ui {

/// What is dragged stays for the next start, by the splitter's object name; sets what was kept.
void keepSizes(QSplitter* splitter);
/// Sets what was kept; false when nothing was.
bool restoreSizes(QSplitter* splitter);

}  // namespace chancery::ui
