using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// A model's posterior as a person means it: named quantities with their own ranges, beside the target on an unconstrained space that samplers move in. The target's log density includes the
/// log Jacobian of the transform from unconstrained coordinates u to parameters.
/// </summary>
public sealed class Posterior
{
    private readonly Func<Tensor, Tensor> report;

    /// <summary>A posterior.</summary>
    /// <param name="target">The log density of u, Jacobian included.</param>
    /// <param name="names">What is reported of a draw, such as <c>beta[1]</c>; one or more, distinct.</param>
    /// <param name="report">From u [draws, target.Dimension] to the reported quantities [draws, names].</param>
    /// <exception cref="ArgumentException">There are no names, or a name stands twice.</exception>
    public Posterior(Target target, IReadOnlyList<string> names, Func<Tensor, Tensor> report)
    {
        if (names.Count == 0 || names.Distinct(StringComparer.Ordinal).Count() != names.Count)
        {
            throw new ArgumentException($"Distinct names are needed, at least one: {string.Join(", ", names)}.", nameof(names));
        }

        Target = target;
        Names = [.. names];
        this.report = report;
    }

    /// <summary>The log density of u.</summary>
    public Target Target { get; }

    /// <summary>What is reported of a draw.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The posterior of a target whose coordinates are reported as they are.</summary>
    /// <param name="target">A target without constraints.</param>
    /// <param name="name">The name of the vector; coordinates are <c>x[1]</c>, <c>x[2]</c>, ….</param>
    /// <returns>A posterior.</returns>
    public static Posterior Of(Target target, string name = "x") => new(target, Numbered(name, target.Dimension), u => u);

    /// <summary>The reported quantities of draws.</summary>
    /// <param name="positions">u, [draws, target.Dimension].</param>
    /// <returns>[draws, names].</returns>
    /// <exception cref="ArgumentException">The positions have another shape.</exception>
    public Tensor Report(Tensor positions)
    {
        if (positions.Rank != 2 || positions.Shape[1] != Target.Dimension)
        {
            throw new ArgumentException($"Positions [draws, {Target.Dimension}] are needed, not {positions.Shape}.", nameof(positions));
        }

        return report(positions);
    }

    /// <summary>Names of the elements of a vector, counted from 1 as statisticians do.</summary>
    internal static string[] Numbered(string name, int count) => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}[{i}]"))];
}
