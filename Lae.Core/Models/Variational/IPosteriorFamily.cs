using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>A family of approximate posteriors q(z | x) that depends on x through the features of an encoder: what configuration chooses by type.</summary>
public interface IPosteriorFamily
{
    /// <summary>What the family is called in reports.</summary>
    string Name { get; }

    /// <summary>The family for given sizes.</summary>
    /// <param name="features">Columns of the encoder's features, 1 or more.</param>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <returns>The family, without parameters: those are values apart from it.</returns>
    IPosteriorHead Create(int features, int latentSize);
}

/// <summary>A family of approximate posteriors of fixed sizes: a pure function of parameters, which are kept apart, and of features.</summary>
public interface IPosteriorHead
{
    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree; its <see cref="TensorTree.ElementCount"/> is the parameter count.</returns>
    TensorTree Initialize(RandomKey key, DType dtype);

    /// <summary>q(z | x) for the observations that have these features.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="features">g(x), [n, features].</param>
    /// <returns>A posterior, differentiable in parameters and features.</returns>
    IAmortizedPosterior Posterior(TensorTree parameters, Tensor features);
}

/// <summary>An approximate posterior that an encoder gives.</summary>
public interface IAmortizedPosterior : IApproximatePosterior
{
    /// <summary>The point that encodes each observation, [n, d_z]: the mean μ(x) of a Gaussian, or where a flow carries it.</summary>
    Tensor Location { get; }

    /// <summary>KL(q(z | x) ‖ N(0, I)) of each observation, [n], in nats; null where it has no closed form.</summary>
    Tensor? Divergence { get; }
}
