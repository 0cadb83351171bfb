#pragma once

#include <QRect>
#include <QString>

class QWidget;

namespace chancery::ui {

/// What a painted widget tells assistive technology about the things it draws. The widget calls
/// installPaintedAccessibility() once (any number of calls does no harm).
class PaintedParts {
public:
    virtual ~PaintedParts() = default;
    virtual int partCount() const = 0;
    virtual QString partName(int part) const = 0;
    virtual QRect partRect(int part) const = 0;  ///< in the widget
    virtual bool partSelected(int part) const {
        Q_UNUSED(part);
        return false;
    }
    virtual void activatePart(int part) { Q_UNUSED(part); }
    /// Of the whole, when accessibleName() of the widget alone does not say it.
    virtual QString wholeText() const { return {}; }
};

void installPaintedAccessibility();

}  // namespace chancery::ui
