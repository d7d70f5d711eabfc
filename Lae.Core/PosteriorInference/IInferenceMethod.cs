using Lae.Numerics;
using Lae.Randomness;

namespace Lae.PosteriorInference;

/// <summary>What a method made of a problem.</summary>
/// <param name="Draws">[draws, n, latentSize], float64.</param>
/// <param name="Chains">c: draw i comes from chain i mod c, in order; 1 for one chain, and for independent draws.</param>
/// <param name="Figures">What a person wants to see of the method, by stable names such as <c>acceptance</c>.</param>
public sealed record InferredDraws(Tensor Draws, int Chains, IReadOnlyDictionary<string, double> Figures);

/// <summary>A method of inference: a pure function of (key, problem) to draws. What configuration chooses by type.</summary>
public interface IInferenceMethod
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Throws if the method cannot be used on a problem, before anything is computed.</summary>
    /// <param name="problem">The problem.</param>
    /// <exception cref="ArgumentException">The message says why.</exception>
    void RequireFits(InferenceProblem problem);

    /// <summary>Infers the laws of a problem.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="problem">A problem that <see cref="RequireFits"/> lets pass.</param>
    /// <param name="draws">Draws of each law, 2 or more.</param>
    /// <returns>Draws and figures.</returns>
    /// <exception cref="ArithmeticException">Something became NaN or infinite, or a matrix is singular.</exception>
    InferredDraws Infer(RandomKey key, InferenceProblem problem, int draws);
}
