namespace Lae.Laws;

/// <summary>The probability with which a test may reject what is right.</summary>
internal static class FalseAlarm
{
    /// <summary>Throws unless it is in (0, 1).</summary>
    public static void Require(double falseAlarm)
    {
        if (!(falseAlarm > 0 && falseAlarm < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(falseAlarm), falseAlarm, "A probability of false alarm must be in (0, 1).");
        }
    }
}
