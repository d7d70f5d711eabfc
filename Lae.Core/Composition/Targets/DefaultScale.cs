using Lae.Targets;

namespace Lae.Composition;

/// <summary>The scale of data from which default priors are made.</summary>
internal static class DefaultScale
{
    /// <summary>The sample deviation, or 1 where the numbers are all the same.</summary>
    /// <param name="numbers">One or more.</param>
    public static double Of(double[] numbers) => DesignColumns.Of([numbers], hasIntercept: true).Deviations[0] is var deviation and > 0 ? deviation : 1;
}
