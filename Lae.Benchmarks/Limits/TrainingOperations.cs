using Lae.Benchmarks.SideBySide;

namespace Lae.Benchmarks.Limits;

/// <summary>
/// The multiply-adds of a training step's matrix products for one image, from the shapes of the networks of <see cref="TrainingWorks"/>: a layer of n to m units has n m forward, n m for the gradient of its weights and n m for that of its
/// inputs. Of the first encoder layer no gradient of the inputs is needed. Everything else, such as normalisation, likelihood and descent, is not counted.
/// </summary>
internal static class TrainingOperations
{
    /// <summary>
    /// Of the Langevin autoencoder: features forward and backward; T + 1 evaluations of the posterior (the start, whose gradient is kept, and each proposal), each the decoder forward and its gradient in Φ, without those of its weights; then
    /// the gradients of the decoder's weights, and of the features, at each of the states that teach, of which a refused proposal makes no new one: 1 + (T − 1) a of them in the mean.
    /// </summary>
    /// <param name="width">Units of a hidden layer.</param>
    /// <param name="acceptance">a, the share of the proposals that are accepted.</param>
    /// <param name="transitions">T.</param>
    public static double Langevin(double width, double acceptance = 1, int transitions = TrainingWorks.Transitions)
    {
        double lastLayer = TrainingWorks.LatentSize * width;
        double evaluation = (2 * Decoder(width)) + (2 * lastLayer);
        double lesson = Decoder(width) + lastLayer;
        return EncoderForwardAndBackward(width) + ((transitions + 1) * evaluation) + ((1 + ((transitions - 1) * acceptance)) * lesson);
    }

    /// <summary>Of the variational autoencoder: encoder with its two heads, and decoder, forward and backward.</summary>
    /// <param name="width">Units of a hidden layer.</param>
    public static double Variational(double width) => EncoderForwardAndBackward(width) + (3 * 2 * TrainingWorks.LatentSize * width) + (3 * Decoder(width));

    private static double EncoderForwardAndBackward(double width) => (2 * TrainingWorks.Pixels * width) + (3 * 2 * width * width);

    private static double Decoder(double width) => (TrainingWorks.LatentSize * width) + (2 * width * width) + (width * TrainingWorks.Pixels);
}
