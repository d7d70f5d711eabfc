using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.PosteriorInference;

/// <summary>The observations of a problem and their likelihood; the prior of latent points is N(0, I).</summary>
/// <param name="X">x, [n, columns], float64.</param>
/// <param name="LogLikelihood">log p(x | z): from z [m·n, latentSize] and x [m·n, columns] to [m·n], differentiable in z.</param>
public sealed record ObservedModel(Tensor X, Func<Tensor, Tensor, Tensor> LogLikelihood);

/// <summary>Means and covariances of n laws.</summary>
/// <param name="Means">[n, latentSize].</param>
/// <param name="Covariances">[n, latentSize, latentSize].</param>
public sealed record LawMoments(Tensor Means, Tensor Covariances);

/// <summary>Laws that fall into modes of equal mass.</summary>
/// <param name="Count">How many, 2 or more.</param>
/// <param name="Masses">The share of draws [m, latentSize] in each.</param>
public sealed record EqualModes(int Count, Func<Tensor, IReadOnlyList<double>> Masses);

/// <summary>
/// A known generative model with n observed points, whose posteriors methods of inference are held beside; or one law alone (n = 1) that is sampled without observations. Immutable; all tensors are float64.
/// </summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Density">The log densities of the n laws side by side.</param>
/// <param name="Reference">Draws of each law [draws, n, latentSize]: a pure function of the key and the number of draws.</param>
/// <param name="IsReferenceExact">Whether these are independent exact draws, and not those of long Markov chains.</param>
public sealed record InferenceProblem(string Name, LatentDensity Density, Func<RandomKey, int, Tensor> Reference, bool IsReferenceExact)
{
    /// <summary>c: reference draw i comes from chain i mod c; 1 where the draws are exact.</summary>
    public int ReferenceChains { get; init; } = 1;

    /// <summary>The observations; null for a law that has none.</summary>
    public ObservedModel? Observed { get; init; }

    /// <summary>Exact means and covariances; null where they are not known in closed form.</summary>
    public LawMoments? Moments { get; init; }

    /// <summary>Whether each law is the Gaussian of <see cref="Moments"/>.</summary>
    public bool IsGaussian { get; init; }

    /// <summary>The modes of the law, if it falls into equal ones.</summary>
    public EqualModes? Modes { get; init; }

    /// <summary>n.</summary>
    public int Points => Density.Points;

    /// <summary>Columns of z.</summary>
    public int LatentSize => Density.LatentSize;

    /// <summary>Posteriors of observations under the prior N(0, I).</summary>
    /// <param name="name">What the problem is called.</param>
    /// <param name="latentSize">Columns of z, 1 or more.</param>
    /// <param name="observed">Observations and likelihood.</param>
    /// <param name="reference">Draws of the posteriors of a density.</param>
    /// <param name="isReferenceExact">Whether they are exact.</param>
    /// <returns>A problem.</returns>
    internal static InferenceProblem OfObservations(
        string name, int latentSize, ObservedModel observed, Func<LatentDensity, RandomKey, int, Tensor> reference, bool isReferenceExact)
    {
        StandardNormalPrior prior = new();
        LatentDensity density = LatentDensity.FromFunction(observed.X, latentSize, (z, x) => prior.LogDensity(z) + observed.LogLikelihood(z, x));
        return new InferenceProblem(name, density, (key, draws) => reference(density, key, draws), isReferenceExact) { Observed = observed };
    }
}

/// <summary>Makes a problem: what configuration chooses by type.</summary>
public interface IInferenceProblemFactory
{
    /// <summary>The problem.</summary>
    /// <param name="key">Decides everything random in it: sub-key 0 the observed points, sub-key 1 the model.</param>
    /// <param name="workspace">Where its observations live.</param>
    /// <returns>A problem.</returns>
    /// <exception cref="ArgumentException">The options do not fit each other.</exception>
    /// <exception cref="ArithmeticException">A matrix is not positive definite.</exception>
    InferenceProblem Create(RandomKey key, Workspace workspace);
}
