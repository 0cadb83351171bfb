#pragma once

#include <QStringList>

class QWidget;

namespace chancery::test {

/// What does not fit in a shown window, one sentence each, with the path of object or class names:
/// text that needs more room than its widget has and is not shortened on purpose; widgets smaller
/// than they need to be; siblings that lie on each other; children that stick out of their parent.
/// Empty: all is well. Hidden widgets, and what scroll areas hide, are left out.
QStringList layoutComplaints(const QWidget& root);

}  // namespace chancery::test
